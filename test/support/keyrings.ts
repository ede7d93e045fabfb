import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { type BusinessKeys, businessKeys } from '#lib/privacy/business-keys.ts';
import { parseKeyring } from '#lib/privacy/keyring.ts';
import { forgetKeyring } from '#lib/store/keys.ts';

/** A keyring as its file holds it. */
export type KeyringFile = Readonly<{ current: string; keys: Readonly<Record<string, string>> }>;

/** A keyring of these keys, the current one first: of one id, always the same key. */
export const keyringOf = (...ids: readonly [string, ...string[]]): KeyringFile => ({
  current: ids[0],
  keys: Object.fromEntries(ids.map((id) => [id, createHash('sha256').update(id).digest('base64')])),
});

/** The keys of a business in such a keyring. */
export const keysIn = (keyring: KeyringFile, businessId: string): BusinessKeys =>
  businessKeys(parseKeyring(JSON.stringify(keyring)), businessId);

/** Has the handlers of this process work with another keyring from the next request on. */
export const useKeyring = (keyring: KeyringFile): void => {
  writeFileSync(process.env['KEYRING_FILE'] ?? '', JSON.stringify(keyring));
  forgetKeyring();
};
