import { collections } from '#lib/store/collections/collections.ts';
import { keyIdOf } from '#lib/privacy/field-cipher.ts';
import type { Stored } from './stored.ts';

/** Version, length of the key id, iv and tag. */
const BYTES_BEFORE_TEXT = 2 + 12 + 16;

/** The lengths that an encrypted text may have, as the documentation lists them. */
const isClass = (bytes: number): boolean =>
  [16, 32, 64, 128, 256, 512, 1_024].includes(bytes) || (bytes > 1_024 && bytes % 1_024 === 0);

const bytesOf = (stored: any): Buffer => Buffer.from(stored.buffer);

/** The length of an encrypted text, padding included. */
export const encryptedBytes = (stored: any): number => {
  const sealed = bytesOf(stored);
  return sealed.length - BYTES_BEFORE_TEXT - keyIdOf(sealed).length;
};

/**
 * Reads every sealed value and every list of keyed hashes in the database. Returns which of them show something by a
 * length that is no class, or by an order that is not that of the bytes, and how many were read.
 */
export const shapesAtRest = async ({ database }: Stored) => {
  const telling: string[] = [];
  const read = { sealed: 0, lists: 0 };
  const lengths = new Map<string, Map<number, number>>();
  for (const [collection, { kinds }] of Object.entries(collections))
    for await (const document of database.collection(collection).find({}, { promoteBuffers: false }))
      for (const [field, kind] of Object.entries(kinds as Readonly<Record<string, unknown>>)) {
        const stored: any = document[field];
        if (stored === null || stored === undefined) continue;
        if (kind === 'sealed') {
          const bytes = encryptedBytes(stored);
          const counts = lengths.get(`${collection}.${field}`) ?? new Map<number, number>();
          lengths.set(`${collection}.${field}`, counts.set(bytes, (counts.get(bytes) ?? 0) + 1));
          if (!isClass(bytes)) telling.push(`${collection}.${field}: ${String(bytes)} bytes`);
          read.sealed += 1;
        } else if (kind === 'keyed' && Array.isArray(stored)) {
          const order = stored.map((each) => bytesOf(each).toString('hex'));
          const sorted = [...new Set(order)].sort();
          if (JSON.stringify(order) !== JSON.stringify(sorted)) telling.push(`${collection}.${field}: order`);
          read.lists += 1;
        }
      }
  return { telling, lengths, ...read };
};
