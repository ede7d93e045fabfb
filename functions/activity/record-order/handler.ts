import { serveQueue } from '#lib/serve/serve-queue.ts';
import { recordState } from '#lib/store/activity/record-state.ts';
import { settingsOf } from '#lib/store/business/stored-settings.ts';
import { contract } from './contract.ts';
import { recordOrder } from './record-order.ts';

export const handler = serveQueue(contract, recordOrder({ recordState, settingsOf, now: () => new Date() }));
