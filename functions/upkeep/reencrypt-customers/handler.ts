import { serveTask } from '#lib/serve/serve-task.ts';
import { logEvent } from '#lib/runtime/logger.ts';
import { isKeyringInUse, readKeyringNow } from '#lib/store/keys/request-keys.ts';
import { countLeft } from '#lib/store/rotation/key-uses.ts';
import { keyringAgeMs, noteKeyring } from '#lib/store/rotation/keyring-age.ts';
import { findOutdated } from '#lib/store/rotation/outdated.ts';
import { reencrypt } from '#lib/store/rotation/reencrypt.ts';
import { contract } from './contract.ts';
import { reencryptCustomers } from './reencrypt-customers.ts';

const keyring = { readKeyringNow, isKeyringInUse, noteKeyring, keyringAgeMs };
const records = { findOutdated, reencrypt, countLeft };
const ports = { ...keyring, ...records, logEvent, nowMs: () => Date.now() };
export const handler = serveTask(contract, reencryptCustomers(ports));
