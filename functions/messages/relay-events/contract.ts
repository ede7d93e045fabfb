import * as z from 'zod';
import { defineSchedule } from '#lib/contract/task.ts';

export const contract = defineSchedule({
  name: 'relay-events',
  summary: 'Put the events about customers on the bus, each customer’s in order',
  impact: 'other services do not hear that customers change, are merged or are erased',
  needs: ['database', 'event-bus'],
  every: 'rate(1 minute)',
  hastenedBy: 'outbox-filled',
  timeoutSeconds: 120,
  input: z.object({
    batchSize: z.int().min(1).max(500).default(500),
    /**
     * After so many milliseconds, a run that finds nothing looks once more. Writers say at most once a second that there are events,
     * so by then such a second is over.
     */
    lastLookMs: z.int().min(0).max(10_000).default(1_500),
    /** The lines of a log that hastened this run. Absent when the schedule started it. */
    awslogs: z.unknown().optional(),
  }),
  output: z.object({
    /** `another-run`: nothing was done, because another run works. `bus-failed`: the bus did not answer. */
    outcome: z.enum(['finished', 'out-of-time', 'another-run', 'bus-failed']),
    published: z.int(),
    /** How many events the bus refused. They wait, and the later ones of their customers with them. */
    refused: z.int(),
    /** For how many seconds the oldest event has waited; null when another run works. */
    lagSeconds: z.number().nullable(),
  }),
});
