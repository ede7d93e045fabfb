import { deserialize, serialize } from 'bson';

/** A BSON document with fields of unknown types. */
export type BsonDocument = Readonly<Record<string, unknown>>;

/** Reads one document. 64-bit integers become bigint, because cursor and transaction numbers need all their digits. */
export const readDocument = (bytes: Uint8Array): BsonDocument =>
  deserialize(bytes, { useBigInt64: true, promoteBuffers: true });

/** Reads one document and leaves the documents in it as bytes. */
export const readOuterDocument = (bytes: Uint8Array): BsonDocument =>
  deserialize(bytes, { useBigInt64: true, raw: true });

/** Reads one document so that writing it again gives the same types: an int stays an int. */
export const readFaithfully = (bytes: Uint8Array): BsonDocument =>
  deserialize(bytes, { promoteValues: false, promoteBuffers: false, bsonRegExp: true });

export const writeDocument = (document: BsonDocument): Uint8Array => serialize(document);

/** Splits concatenated BSON documents (an OP_MSG document sequence) without parsing them. */
export const splitSequence = (bytes: Buffer): Buffer[] => {
  const documents: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = at + bytes.readInt32LE(at);
    documents.push(bytes.subarray(at, end));
    at = end;
  }
  return documents;
};

export const isDocument = (value: unknown): value is BsonDocument =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);

/** A list of documents; anything else counts as an empty list. */
export const documentsOf = (value: unknown): BsonDocument[] =>
  Array.isArray(value) ? value.filter(isDocument) : [];

export const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** A whole number of any BSON type. */
export const numberOf = (value: unknown): number | undefined => {
  if (typeof value === 'number') return value;
  return typeof value === 'bigint' ? Number(value) : undefined;
};
