import { frame } from './frame.ts';

export const opQuery = 2004;
const opReply = 1;

/** The only legacy message that drivers still send: their first hello, as a query on `admin.$cmd`. */
export type OpQuery = { readonly database: string; readonly body: Buffer };

export const readOpQuery = (payload: Buffer): OpQuery => {
  const nameEnd = payload.indexOf(0, 4);
  const [database = 'admin'] = payload.toString('utf8', 4, nameEnd).split('.');
  // After the name: numberToSkip and numberToReturn, four bytes each.
  const at = nameEnd + 9;
  return { database, body: payload.subarray(at, at + payload.readInt32LE(at)) };
};

/** An OP_REPLY with one document: flags, cursor id and start are zero. */
export const writeOpReply = (responseTo: number, body: Uint8Array): Buffer => {
  const fields = Buffer.alloc(20);
  fields.writeInt32LE(1, 16);
  return frame(opReply, responseTo, [fields, body]);
};
