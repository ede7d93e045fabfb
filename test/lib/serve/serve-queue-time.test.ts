import { expect, it } from '@jest/globals';
import * as z from 'zod';
import { defineQueue } from '#lib/contract/queue.ts';
import { serveQueue } from '#lib/serve/serve-queue.ts';
import { Conflict } from '#lib/store/database/conflict.ts';
import { aCloudEvent, aMessage, bodyOf, deliver } from '#test/support/queue-messages.ts';

// In a file of its own, because it waits for seconds.
const contract = defineQueue({
  name: 'hear',
  summary: 'Hear',
  impact: 'nobody hears',
  sources: ['beeoclock.order'],
  types: ['beeoclock.order.changed.v1'],
  permission: 'RECORD_CUSTOMER_ACTIVITY',
  purpose: 'serve-customer',
  needs: [],
  input: z.object({ isSlow: z.boolean() }),
});
const message = (isSlow: boolean) => aMessage(bodyOf(aCloudEvent({ data: { isSlow } })));

it('a message that always meets a conflict leaves half of the time to those behind it', async () => {
  const handler = serveQueue(contract, ({ data: { isSlow } }) =>
    isSlow ? Promise.reject(new Conflict('always')) : Promise.resolve({ customers: [], fields: [] }),
  );
  const slow = message(true);
  expect(await deliver(handler, [slow, message(false)], 11_000)).toEqual([slow.messageId]);
});
