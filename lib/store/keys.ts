import { type BusinessKeys, businessKeys } from '#lib/privacy/business-keys.ts';
import { parseKeyring } from '#lib/privacy/keyring.ts';
import { lazy } from '#lib/runtime/lazy.ts';
import { readKeyring } from '#lib/runtime/secrets.ts';

const keyring = lazy(async () => parseKeyring(await readKeyring()));

/** The keys of one business. Always the caller's own, so that a scoping bug yields ciphertext. */
export const keysOf = async ({ businessId }: { businessId: string }): Promise<BusinessKeys> =>
  businessKeys(await keyring.get(), businessId);

/** Makes the next request read the keyring again, as after a rotation. */
export const forgetKeyring = (): void => {
  void keyring.forget();
};
