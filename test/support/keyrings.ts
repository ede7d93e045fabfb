import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { type BusinessKeys, businessKeys } from '#lib/privacy/business-keys.ts';
import { type Keyring, parseKeyring } from '#lib/privacy/keyring.ts';
import { forgetKeyring } from '#lib/store/keys/request-keys.ts';

/** A keyring as its file holds it. */
export type KeyringFile = Readonly<{
  current: string;
  keys: Readonly<Record<string, string>>;
  pepper?: string;
}>;

/** A keyring of these keys, the current one first. The same id always gives the same key. */
export const keyringOf = (...ids: readonly [string, ...string[]]): KeyringFile => ({
  current: ids[0],
  keys: Object.fromEntries(ids.map((id) => [id, createHash('sha256').update(id).digest('base64')])),
  pepper: createHash('sha256').update('pepper').digest('base64'),
});

/** The keys of a business in this keyring. */
export const keysIn = (keyring: KeyringFile, businessId: string): BusinessKeys =>
  businessKeys(parseKeyring(JSON.stringify(keyring)), businessId);

/** Makes the handlers of this process use another keyring from the next request on. */
export const useKeyring = (keyring: KeyringFile): void => {
  writeFileSync(process.env['KEYRING_FILE'] ?? '', JSON.stringify(keyring));
  forgetKeyring();
};

/** The keyring that the handlers of this process use. */
export const keyringInUse = (): Keyring =>
  parseKeyring(readFileSync(process.env['KEYRING_FILE'] ?? '', 'utf8'));
