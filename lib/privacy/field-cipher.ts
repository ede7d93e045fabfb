import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { BusinessKeys, KeyPurpose } from './business-keys.ts';
import { padded, unpadded } from './padding.ts';

/** Layout of a sealed value: version (1 byte), length of the key id (1), key id, iv (12), tag (16), ciphertext. */
const PADDED = 2;
/** The length of this version shows that of the text. Cursors have it, and values stored before there was padding. */
const UNPADDED = 1;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const ALGORITHM = 'aes-256-gcm';

/** A sealed value that cannot be opened. It does not tell the value, the key or what exactly did not match. */
export class CannotOpen extends Error {
  constructor() {
    super('A sealed value cannot be opened: it was altered, moved, or sealed for another business.');
    this.name = 'CannotOpen';
  }
}

/** The purpose and place that a value is sealed for. It can only be opened for the same ones. */
type Seal = Readonly<{ purpose: KeyPurpose; place: string }>;

const IVS_AT_ONCE = 64;
let unusedIvs = Buffer.alloc(0);

/**
 * Random ivs are safe for 2^32 values with one key, and a key serves one business and one purpose. Many are generated
 * at once, because 12 random bytes take as long as 768, and longer than the encryption. Each iv is used once. So a
 * running process must never be copied, as Lambda SnapStart does.
 */
const nextIv = (): Buffer => {
  if (unusedIvs.length === 0) unusedIvs = randomBytes(IVS_AT_ONCE * IV_BYTES);
  const iv = unusedIvs.subarray(0, IV_BYTES);
  unusedIvs = unusedIvs.subarray(IV_BYTES);
  return iv;
};

/** What is authenticated beside the text. Unpadded values lack the version, so neither version opens as the other. */
const boundTo = ({ businessId }: BusinessKeys, { place }: Seal, version: number): Buffer =>
  Buffer.from(`${version === UNPADDED ? '' : `${String(version)}|`}${businessId}|${place}`);

const seal = (keys: BusinessKeys, at: Seal, text: string): Buffer => {
  const [version, plaintext] = at.purpose === 'cursor' ? [UNPADDED, text] : [PADDED, padded(text)];
  const keyId = Buffer.from(keys.currentKeyId);
  const iv = nextIv();
  const cipher = createCipheriv(ALGORITHM, keys.key(at.purpose, keys.currentKeyId), iv);
  cipher.setAAD(boundTo(keys, at, version));
  const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  return Buffer.concat([Buffer.of(version, keyId.length), keyId, iv, cipher.getAuthTag(), ciphertext]);
};

const partsOf = (sealed: Uint8Array) => {
  const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
  const version = bytes[0];
  const ivAt = 2 + (bytes[1] ?? 0);
  const tagAt = ivAt + IV_BYTES;
  const ciphertextAt = tagAt + TAG_BYTES;
  if ((version !== PADDED && version !== UNPADDED) || bytes.length < ciphertextAt) throw new CannotOpen();
  return {
    version,
    keyId: bytes.toString('latin1', 2, ivAt),
    iv: bytes.subarray(ivAt, tagAt),
    tag: bytes.subarray(tagAt, ciphertextAt),
    ciphertext: bytes.subarray(ciphertextAt),
  };
};

const open = (keys: BusinessKeys, at: Seal, sealed: Uint8Array): string => {
  const { version, keyId, iv, tag, ciphertext } = partsOf(sealed);
  const decipher = createDecipheriv(ALGORITHM, keys.key(at.purpose, keyId), iv, { authTagLength: TAG_BYTES });
  decipher.setAAD(boundTo(keys, at, version));
  decipher.setAuthTag(tag);
  const text = decipher.update(ciphertext);
  try {
    // GCM has no last block, so this only checks the tag.
    decipher.final();
  } catch {
    throw new CannotOpen();
  }
  return version === UNPADDED ? text.toString('utf8') : unpadded(text);
};

/** A field of a customer. */
export type FieldPlace = Readonly<{ customerId: string; field: string }>;
/** A document of a collection other than the customers. */
export type TextPlace = Readonly<{ collection: string; id: string }>;

const fieldSeal = ({ customerId, field }: FieldPlace): Seal => ({
  purpose: 'field',
  place: `${customerId}|${field}`,
});
const textSeal = ({ collection, id }: TextPlace): Seal => ({ purpose: 'text', place: `${collection}|${id}` });

/** Encrypts a field of a customer, padded, with the current key: AES-256-GCM, bound to business, customer and field. */
export const sealField = (keys: BusinessKeys, place: FieldPlace, text: string): Buffer =>
  seal(keys, fieldSeal(place), text);

/**
 * Decrypts what `sealField` made for this business, customer and field, with the key that it names.
 * @throws CannotOpen when it was altered or moved
 * @throws UnknownKey when the ring does not have its key
 */
export const openField = (keys: BusinessKeys, place: FieldPlace, sealed: Uint8Array): string =>
  open(keys, fieldSeal(place), sealed);

/** Encrypts a text outside a customer, for example a recorded answer: padded, bound to business, collection and id. */
export const sealText = (keys: BusinessKeys, place: TextPlace, text: string): Buffer =>
  seal(keys, textSeal(place), text);

/** Decrypts what `sealText` made for this business, collection and id. Throws as `openField` does. */
export const openText = (keys: BusinessKeys, place: TextPlace, sealed: Uint8Array): string =>
  open(keys, textSeal(place), sealed);

const cursorSeal = (list: string): Seal => ({ purpose: 'cursor', place: list });

/**
 * Encrypts a position in a list with the current key, bound to business and list. It is base64url, to go into a URL. It
 * is not padded: no database holds it, and URLs should be short.
 */
export const sealCursor = (keys: BusinessKeys, list: string, place: string): string =>
  seal(keys, cursorSeal(list), place).toString('base64url');

/** Decrypts what `sealCursor` made for this business and list. Throws as `openField` does. */
export const openCursor = (keys: BusinessKeys, list: string, cursor: string): string => {
  const sealed = Buffer.from(cursor, 'base64url');
  // Decoding skips characters that are not base64url. A cursor must have only one spelling, so those are refused.
  if (sealed.toString('base64url') !== cursor) throw new CannotOpen();
  return open(keys, cursorSeal(list), sealed);
};

/** Whether a value must be sealed again: it names a key that is not the current one, or it is not padded. */
export const needsResealing = ({ currentKeyId }: BusinessKeys, sealed: Uint8Array): boolean => {
  const { version, keyId } = partsOf(sealed);
  return version !== PADDED || keyId !== currentKeyId;
};

/** The id of the master key that a value was sealed with. */
export const keyIdOf = (sealed: Uint8Array): string => partsOf(sealed).keyId;
