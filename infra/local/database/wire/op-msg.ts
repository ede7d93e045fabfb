import { frame } from './frame.ts';

export const opMsg = 2013;

const checksumPresent = 0b01;
const moreToCome = 0b10;
const bodySection = 0;
const sequenceSection = 1;

/** A command as it arrived: its body and its document sequences, as bytes. */
export type OpMsg = {
  readonly body: Buffer;
  readonly sequences: ReadonlyMap<string, Buffer>;
  /** False for an unacknowledged write: the client does not read an answer. */
  readonly wantsAnswer: boolean;
};

const readSequence = (section: Buffer): [name: string, documents: Buffer] => {
  const end = section.indexOf(0, 4);
  return [section.toString('utf8', 4, end), section.subarray(end + 1)];
};

/** Reads the payload of an OP_MSG. Throws when it has no body or a section of an unknown kind. */
export const readOpMsg = (payload: Buffer): OpMsg => {
  const flags = payload.readUInt32LE(0);
  const end = payload.length - (flags & checksumPresent ? 4 : 0);
  const sequences = new Map<string, Buffer>();
  let body: Buffer | undefined;
  for (let at = 4; at < end;) {
    const kind = payload.readUInt8(at);
    const section = payload.subarray(at + 1, at + 1 + payload.readInt32LE(at + 1));
    if (kind === bodySection) body = section;
    else if (kind === sequenceSection) sequences.set(...readSequence(section));
    else throw new RangeError(`unknown OP_MSG section ${kind}`);
    at += 1 + section.length;
  }
  if (!body) throw new RangeError('an OP_MSG needs a body');
  return { body, sequences, wantsAnswer: (flags & moreToCome) === 0 };
};

/** An answer: no flags, one body. */
export const writeOpMsg = (responseTo: number, body: Uint8Array): Buffer =>
  frame(opMsg, responseTo, [Buffer.from([0, 0, 0, 0, bodySection]), body]);
