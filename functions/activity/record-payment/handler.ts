import { serveQueue } from '#lib/serve/serve-queue.ts';
import { recordState } from '#lib/store/activity/record-state.ts';
import { settingsOf } from '#lib/store/business/stored-settings.ts';
import { contract } from './contract.ts';
import { recordPayment } from './record-payment.ts';

export const handler = serveQueue(
  contract,
  recordPayment({ recordState, settingsOf, now: () => new Date() }),
);
