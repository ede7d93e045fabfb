import * as z from 'zod';
import { defineQueue } from '#lib/contract/queue.ts';
import { defineOperation, defineSchedule } from '#lib/contract/task.ts';

/** Hears orders, and does what their data says. */
export const hearOrders = defineQueue({
  name: 'hear-orders',
  summary: 'Hears orders',
  impact: 'no orders are heard',
  sources: ['beeoclock.order'],
  types: ['beeoclock.order.changed.v1'],
  permission: 'RECORD_CUSTOMER_ACTIVITY',
  purpose: 'serve-customer',
  // It may write, so its log hastens what waits for writers.
  needs: ['database'],
  timeoutSeconds: 10,
  input: z.object({
    orderId: z.string(),
    /** `fail` throws, `exit` ends the process, `late` takes longer than the function may. */
    then: z.enum(['done', 'fail', 'exit', 'late']).default('done'),
  }),
});

const Entry = z.record(z.string(), z.string());

/** Puts events on the bus, and answers what the bus said. A line in the log of `hear-orders` starts it too. */
export const tellOthers = defineSchedule({
  name: 'tell-others',
  summary: 'Tells others',
  impact: 'nobody is told',
  needs: ['event-bus'],
  every: 'rate(1 day)',
  hastenedBy: 'event-handled',
  input: z.object({
    entries: z.array(Entry).default([{ Source: 'beeoclock.customer', DetailType: 'told.v1', Detail: '{}' }]),
  }),
  output: z.unknown(),
});

/** The same, without a bus. */
export const tellNobody = defineOperation({
  name: 'tell-nobody',
  summary: 'Tells nobody',
  impact: 'nothing',
  needs: [],
  input: tellOthers.input,
  output: tellOthers.output,
});
