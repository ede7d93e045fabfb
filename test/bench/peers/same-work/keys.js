import { readFileSync } from 'node:fs';
import { businessKeys } from '../../../../lib/privacy/business-keys.ts';
import { parseKeyring } from '../../../../lib/privacy/keyring.ts';

const keyring = parseKeyring(readFileSync(process.env.KEYRING_FILE, 'utf8'));

/** The keys of the business that asks. */
export const keysOf = ({ businessId }) => businessKeys(keyring, businessId);
