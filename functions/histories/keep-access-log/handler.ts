import { serveSubscription } from '#lib/serve/serve-subscription.ts';
import { writeLine } from '#lib/runtime/standard-output.ts';
import { contract } from './contract.ts';
import { keepAccessLog } from './keep-access-log.ts';

export const handler = serveSubscription(contract, keepAccessLog({ writeLine }));
