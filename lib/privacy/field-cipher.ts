import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { BusinessKeys, KeyPurpose } from './business-keys.ts';

/** Sealed: version (1 byte), length of the key id (1), key id, iv (12), tag (16), ciphertext. */
const VERSION = 1;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const ALGORITHM = 'aes-256-gcm';

/** Says nothing of the value, the key or what exactly did not fit. */
export class CannotOpen extends Error {
  constructor() {
    super('A sealed value cannot be opened: it was altered, moved, or sealed for another business.');
    this.name = 'CannotOpen';
  }
}

/** What a value is bound to: it opens nowhere else. */
type Seal = Readonly<{ purpose: KeyPurpose; place: string }>;

const IVS_AT_ONCE = 64;
let unusedIvs = Buffer.alloc(0);

/**
 * Random ivs are safe for 2^32 values of one key; a key serves one business and one purpose. They are drawn many at once:
 * asking for 12 bytes costs as much as asking for 768, and more than the encryption. Each is given out once, so no running
 * process may be copied, as a snapshot of Lambda's would be.
 */
const nextIv = (): Buffer => {
  if (unusedIvs.length === 0) unusedIvs = randomBytes(IVS_AT_ONCE * IV_BYTES);
  const iv = unusedIvs.subarray(0, IV_BYTES);
  unusedIvs = unusedIvs.subarray(IV_BYTES);
  return iv;
};

const seal = (keys: BusinessKeys, { purpose, place }: Seal, text: string): Buffer => {
  const keyId = Buffer.from(keys.currentKeyId);
  const iv = nextIv();
  const cipher = createCipheriv(ALGORITHM, keys.key(purpose, keys.currentKeyId), iv);
  cipher.setAAD(Buffer.from(`${keys.businessId}|${place}`));
  const ciphertext = Buffer.concat([cipher.update(text), cipher.final()]);
  return Buffer.concat([Buffer.of(VERSION, keyId.length), keyId, iv, cipher.getAuthTag(), ciphertext]);
};

const partsOf = (sealed: Uint8Array) => {
  const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
  const ivAt = 2 + (bytes[1] ?? 0);
  const tagAt = ivAt + IV_BYTES;
  const ciphertextAt = tagAt + TAG_BYTES;
  if (bytes[0] !== VERSION || bytes.length < ciphertextAt) throw new CannotOpen();
  return {
    keyId: bytes.toString('latin1', 2, ivAt),
    iv: bytes.subarray(ivAt, tagAt),
    tag: bytes.subarray(tagAt, ciphertextAt),
    ciphertext: bytes.subarray(ciphertextAt),
  };
};

const open = (keys: BusinessKeys, { purpose, place }: Seal, sealed: Uint8Array): string => {
  const { keyId, iv, tag, ciphertext } = partsOf(sealed);
  const decipher = createDecipheriv(ALGORITHM, keys.key(purpose, keyId), iv, { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(`${keys.businessId}|${place}`));
  decipher.setAuthTag(tag);
  const text = decipher.update(ciphertext);
  try {
    // GCM has no last block: this only says whether the tag fits.
    decipher.final();
  } catch {
    throw new CannotOpen();
  }
  return text.toString('utf8');
};

/** A field of a customer. */
export type FieldPlace = Readonly<{ customerId: string; field: string }>;
/** A document of another collection. */
export type TextPlace = Readonly<{ collection: string; id: string }>;

const fieldSeal = ({ customerId, field }: FieldPlace): Seal => ({
  purpose: 'field',
  place: `${customerId}|${field}`,
});
const textSeal = ({ collection, id }: TextPlace): Seal => ({ purpose: 'text', place: `${collection}|${id}` });

/** Encrypts a customer's field with the current key: AES-256-GCM, bound to business, customer and field. */
export const sealField = (keys: BusinessKeys, place: FieldPlace, text: string): Buffer =>
  seal(keys, fieldSeal(place), text);

/**
 * Decrypts what `sealField` made for this business, customer and field, with whichever key of the ring it
 * names.
 * @throws CannotOpen when it was altered or moved
 * @throws UnknownKey when the ring does not have its key
 */
export const openField = (keys: BusinessKeys, place: FieldPlace, sealed: Uint8Array): string =>
  open(keys, fieldSeal(place), sealed);

/**
 * Encrypts a text that is kept outside a customer, as a recorded answer: bound to business, collection and
 * id.
 */
export const sealText = (keys: BusinessKeys, place: TextPlace, text: string): Buffer =>
  seal(keys, textSeal(place), text);

/** Decrypts what `sealText` made for this business, collection and id; throws as `openField` does. */
export const openText = (keys: BusinessKeys, place: TextPlace, sealed: Uint8Array): string =>
  open(keys, textSeal(place), sealed);

const cursorSeal = (list: string): Seal => ({ purpose: 'cursor', place: list });

/** Encrypts a place in a list with the current key, for a URL: base64url, bound to business and list. */
export const sealCursor = (keys: BusinessKeys, list: string, place: string): string =>
  seal(keys, cursorSeal(list), place).toString('base64url');

/** Decrypts what `sealCursor` made for this business and list; throws as `openField` does. */
export const openCursor = (keys: BusinessKeys, list: string, cursor: string): string => {
  const sealed = Buffer.from(cursor, 'base64url');
  // Decoding skips what is no base64url: of one cursor there is to be one spelling.
  if (sealed.toString('base64url') !== cursor) throw new CannotOpen();
  return open(keys, cursorSeal(list), sealed);
};

/** The id of the master key that a value was sealed with. */
export const keyIdOf = (sealed: Uint8Array): string => partsOf(sealed).keyId;
