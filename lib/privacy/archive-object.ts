import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { BusinessKeys } from './business-keys.ts';
import { CannotOpen, openText, sealText } from './field-cipher.ts';

/** Layout of an object: version (1 byte), iv (12), tag (16), ciphertext of gzip of one JSON text a line. */
const VERSION = 1;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const HEADER_BYTES = 1 + IV_BYTES + TAG_BYTES;
const KEY_BYTES = 32;
const ALGORITHM = 'aes-256-gcm';

/** Whose object it is, and the number of the newest history entry that it knows. It opens as nothing else. */
export type ArchivePlace = Readonly<{ businessId: string; customerId: string; auditSeq: number }>;

/** A document in the archive, and the collection that it is a copy of. */
export type ArchivedDocument = Readonly<{ place: string; document: unknown }>;

const boundTo = ({ businessId, customerId, auditSeq }: ArchivePlace): Buffer =>
  Buffer.from([businessId, customerId, String(auditSeq)].join('|'));

const countsOf = (documents: readonly ArchivedDocument[]): Readonly<Record<string, number>> => {
  const counts: Record<string, number> = {};
  for (const { place } of documents) counts[place] = (counts[place] ?? 0) + 1;
  return counts;
};

/** A random key for one object. Without it nobody can open the object, wherever copies of that are. */
export const newArchiveKey = (): Buffer => randomBytes(KEY_BYTES);

/** SHA-256 of an object, in base64. */
export const archiveObjectHash = (object: Uint8Array): string =>
  createHash('sha256').update(object).digest('base64');

const ATTEMPT_BYTES = 8;

/** A random name for one attempt to store an object. */
export const newArchiveAttempt = (): string => randomBytes(ATTEMPT_BYTES).toString('hex');

/** Makes the object of a customer: what it is, then its documents, compressed and encrypted with a key of its own. */
export const sealArchiveObject = (
  key: Buffer,
  place: ArchivePlace,
  documents: readonly ArchivedDocument[],
): Buffer => {
  const { customerId, auditSeq } = place;
  const about = { v: VERSION, customerId, auditSeq, counts: countsOf(documents) };
  const lines = [about, ...documents].map((line) => JSON.stringify(line)).join('\n');
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(ALGORITHM, key, iv);
  cipher.setAAD(boundTo(place));
  const ciphertext = Buffer.concat([cipher.update(gzipSync(lines)), cipher.final()]);
  return Buffer.concat([Buffer.of(VERSION), iv, cipher.getAuthTag(), ciphertext]);
};

/**
 * Opens what `sealArchiveObject` made for this place with this key.
 * @throws CannotOpen when it was altered, is another object, or has another key
 */
export const openArchiveObject = (
  key: Buffer,
  place: ArchivePlace,
  object: Uint8Array,
): readonly ArchivedDocument[] => {
  const bytes = Buffer.from(object.buffer, object.byteOffset, object.byteLength);
  if (bytes[0] !== VERSION || bytes.length <= HEADER_BYTES || key.length !== KEY_BYTES)
    throw new CannotOpen();
  const iv = bytes.subarray(1, 1 + IV_BYTES);
  const decipher = createDecipheriv(ALGORITHM, key, iv, { authTagLength: TAG_BYTES });
  decipher.setAAD(boundTo(place));
  decipher.setAuthTag(bytes.subarray(1 + IV_BYTES, HEADER_BYTES));
  const [, ...lines] = authentic(decipher, bytes.subarray(HEADER_BYTES)).split('\n');
  return lines.map((line) => {
    const parsed: unknown = JSON.parse(line);
    if (!isDocument(parsed)) throw new CannotOpen();
    return parsed;
  });
};

const isDocument = (value: unknown): value is ArchivedDocument =>
  typeof value === 'object' &&
  value !== null &&
  'place' in value &&
  typeof value.place === 'string' &&
  'document' in value;

/** Nothing is unpacked or parsed before its tag is checked: what passes is what this service wrote. */
const authentic = (decipher: ReturnType<typeof createDecipheriv>, ciphertext: Buffer): string => {
  const compressed = decipher.update(ciphertext);
  try {
    decipher.final();
  } catch {
    throw new CannotOpen();
  }
  return gunzipSync(compressed).toString('utf8');
};

const textPlace = (customerId: string) => ({ collection: 'archive', id: customerId });

/** Encrypts the key of a customer's object with the current key of the business, bound to the customer. */
export const sealArchiveKey = (keys: BusinessKeys, customerId: string, key: Buffer): Buffer =>
  sealText(keys, textPlace(customerId), key.toString('base64'));

/** Decrypts what `sealArchiveKey` made for this customer. Throws as `openText` does. */
export const openArchiveKey = (keys: BusinessKeys, customerId: string, sealed: Uint8Array): Buffer =>
  Buffer.from(openText(keys, textPlace(customerId), sealed), 'base64');
