import { deserialize, ObjectId } from 'bson';
import type { Frame } from '#infra/local/database/wire/frame.ts';
import { opMsg, readOpMsg } from '#infra/local/database/wire/op-msg.ts';
import { opQuery, readOpQuery } from '#infra/local/database/wire/op-query.ts';
import { splitSequence } from '#infra/local/database/wire/bson-document.ts';

export type Fields = Readonly<Record<string, any>>;

/** A command as it was sent, with its document sequences as fields. */
export type Command = Readonly<{ name: string; body: Fields }>;

/** 64-bit integers become bigint, to keep a cursor's number exact. */
const read = (bytes: Uint8Array): Fields => deserialize(bytes, { useBigInt64: true, promoteBuffers: true });

/** The command in a message, named by its first field; `unreadable` if it cannot be read. */
export const readCommand = ({ opCode, payload }: Frame): Command => {
  try {
    const body = opCode === opQuery ? read(readOpQuery(payload).body) : readMessage(opCode, payload);
    return { name: Object.keys(body)[0] ?? '', body };
  } catch {
    return { name: 'unreadable', body: {} };
  }
};

const readMessage = (opCode: number, payload: Buffer): Fields => {
  if (opCode !== opMsg) throw new RangeError(`opcode ${String(opCode)}`);
  const { body, sequences } = readOpMsg(payload);
  const lists = [...sequences].map(([name, bytes]) => [name, splitSequence(bytes).map(read)]);
  return { ...read(body), ...Object.fromEntries(lists) };
};

/** The document of an answer; empty for an answer without documents. */
export const readAnswer = ({ opCode, payload }: Frame): Fields =>
  opCode === opMsg ? read(readOpMsg(payload).body) : {};

/** Whether a value is a document, as in filters, stages and updates, and not an id or a date. */
export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  !(value instanceof Date) &&
  !(value instanceof Uint8Array) &&
  !('_bsontype' in value);

/** An id as the API spells it; null for any other value. */
export const idOf = (value: unknown): string | null =>
  value instanceof ObjectId ? value.toHexString() : null;
