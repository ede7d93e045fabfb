import * as z from 'zod';
import { defineOperation, defineSchedule } from '#lib/contract/task.ts';

/** A use case with every grant that there is. Its handler does what the input says. */
export const moveObjects = defineOperation({
  name: 'move-objects',
  summary: 'Puts, gets, lists, restores and deletes objects',
  impact: 'objects are not moved',
  needs: ['archive-bucket', 'ledger-bucket'],
  objects: {
    'archive-bucket': [{ prefix: 'records/', actions: ['put', 'get', 'delete', 'list', 'restore'] }],
    'ledger-bucket': [{ prefix: 'erasures/', actions: ['put', 'get'] }],
  },
  input: z.strictObject({
    bucket: z.enum(['ARCHIVE_BUCKET', 'LEDGER_BUCKET']),
    call: z.enum(['put', 'get', 'head', 'delete', 'list', 'restore']),
    key: z.string(),
    text: z.string().default(''),
  }),
  output: z.unknown(),
});

/** The same handler with fewer grants. */
export const writeLedger = defineSchedule({
  ...moveObjects,
  name: 'write-ledger',
  every: 'rate(5 minutes)',
  needs: ['ledger-bucket'],
  objects: { 'ledger-bucket': [{ prefix: 'erasures/', actions: ['put'] }] },
});

/** The same handler without any bucket. */
export const seeNothing = defineOperation({
  name: 'see-nothing',
  summary: 'Has no bucket',
  impact: 'nothing',
  needs: [],
  input: moveObjects.input,
  output: moveObjects.output,
});
