import * as z from 'zod';
import { CustomerChanges, CustomerDraft, ObjectIdText } from '#lib/contract/customer-draft.ts';
import { CustomerDto } from '#lib/contract/customer-dto.ts';
import { change, creation, DeletedCustomer, deletion } from '#lib/contract/customer-writes.ts';
import { Problem } from '#lib/contract/problem-body.ts';
import { defineRoute } from '#lib/contract/route.ts';

const MOST_OPERATIONS = 100;

/**
 * Describes an operation for the document, which leaves out what accepts anything. Anything else is let through here, because
 * it is refused in its own result and does not stop the others.
 */
const Operation = z
  .union([
    z.strictObject({ create: CustomerDraft }),
    z.strictObject({ change: CustomerChanges.extend({ _id: ObjectIdText }) }),
    z.strictObject({ delete: z.strictObject({ _id: ObjectIdText }) }),
    z.unknown(),
  ])
  .meta({
    description:
      'Exactly one of `create`, `change` and `delete`. Anything else is 400 in its own result and does not stop the others.',
  });

const Result = z.object({
  status: z.int().meta({ description: 'The status that the operation would have as a single request.' }),
  customer: z.union([CustomerDto, DeletedCustomer]).optional(),
  error: Problem.optional(),
});

const door = {
  name: 'apply-operations',
  summary: 'Create, change and delete up to 100 customers in one request, with a result for each',
  method: 'POST',
  path: '/api/v1/customer/bulk',
  impact: 'offline work and imports cannot be saved in bulk',
  purpose: 'take-over-records',
  needs: ['database', 'keyring'],
} as const;

export const contract = defineRoute({
  ...door,
  // Every role that may write anything has it. Others are refused as a whole.
  permission: 'UPDATE_CUSTOMER',
  timeoutSeconds: 29,
  bodyLimitBytes: 1024 * 1024,
  body: z.strictObject({
    operations: z
      .array(Operation)
      .min(1)
      .max(MOST_OPERATIONS)
      .meta({
        description:
          'Each operation counts as one request of the business. The rate limit admits all of them or none: after a ' +
          '429, nothing was done, and the whole bulk is admitted after `Retry-After` if nothing else is sent.',
      }),
    dryRun: z
      .boolean()
      .default(false)
      .meta({
        description:
          'Answer as if each operation were applied to the data stored now, but write nothing. Effects of earlier ' +
          'operations in the same bulk are not included. Ids and times that the service creates differ next time.',
      }),
  }),
  answers: { 200: z.object({ results: z.array(Result) }) },
  problems: [],
});

/** Each operation has the contract of its own route. */
export const operations = {
  create: defineRoute({ ...door, ...creation }),
  change: defineRoute({ ...door, ...change }),
  delete: defineRoute({ ...door, ...deletion, body: z.strictObject({ _id: z.unknown() }) }),
};
