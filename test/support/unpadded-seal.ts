import { createCipheriv, randomBytes } from 'node:crypto';
import type { BusinessKeys, KeyPurpose } from '#lib/privacy/business-keys.ts';

const VERSION = 1;

/** A text as the service sealed it before values were padded, with the current key. */
export const sealUnpadded = (
  keys: BusinessKeys,
  { purpose, place }: { purpose: KeyPurpose; place: string },
  text: string,
): Buffer => {
  const keyId = Buffer.from(keys.currentKeyId);
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', keys.key(purpose, keys.currentKeyId), iv);
  cipher.setAAD(Buffer.from(`${keys.businessId}|${place}`));
  const ciphertext = Buffer.concat([cipher.update(text), cipher.final()]);
  return Buffer.concat([Buffer.of(VERSION, keyId.length), keyId, iv, cipher.getAuthTag(), ciphertext]);
};
