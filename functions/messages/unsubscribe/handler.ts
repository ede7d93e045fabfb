import { serveUnsubscribe } from '#lib/serve/serve-unsubscribe.ts';
import { withdrawals } from '#lib/store/rights/withdrawals.ts';
import { contract } from './contract.ts';
import { unsubscribe } from './unsubscribe.ts';

export const handler = serveUnsubscribe(contract, unsubscribe({ withdrawals }));
