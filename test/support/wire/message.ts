import { deserialize, ObjectId } from 'bson';
import type { Frame } from '#infra/local/database/wire/frame.ts';
import { opMsg, readOpMsg } from '#infra/local/database/wire/op-msg.ts';
import { opQuery, readOpQuery } from '#infra/local/database/wire/op-query.ts';
import { splitSequence } from '#infra/local/database/wire/bson-document.ts';

export type Fields = Readonly<Record<string, any>>;

/** A command as it left, its document sequences among its fields. */
export type Command = Readonly<{ name: string; body: Fields }>;

/** 64-bit integers become bigint, so that a cursor's number survives. */
const read = (bytes: Uint8Array): Fields => deserialize(bytes, { useBigInt64: true, promoteBuffers: true });

/** The command in a message, named by its first field; one that nobody here can read is called `unreadable`. */
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

/** An answer's document; empty when it is none that carries documents. */
export const readAnswer = ({ opCode, payload }: Frame): Fields =>
  opCode === opMsg ? read(readOpMsg(payload).body) : {};

/** A document as filters, stages and updates are made of, not a value such as an id or a date. */
export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  !(value instanceof Date) &&
  !(value instanceof Uint8Array) &&
  !('_bsontype' in value);

/** An id as the API spells it; null for anything else. */
export const idOf = (value: unknown): string | null =>
  value instanceof ObjectId ? value.toHexString() : null;
