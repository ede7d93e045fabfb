import * as z from 'zod';
import { CustomerChanges, CustomerDraft, ObjectIdText } from '#lib/contract/customer-draft.ts';
import { CustomerDto } from '#lib/contract/customer-dto.ts';
import { change, creation, DeletedCustomer, deletion } from '#lib/contract/customer-writes.ts';
import { Problem } from '#lib/contract/problem-body.ts';
import { defineRoute } from '#lib/contract/route.ts';

const MOST_OPERATIONS = 100;

/** Told in the document; whatever else comes in its place is refused in its own result, and stops none. */
const Operation = z
  .union([
    z.strictObject({ create: CustomerDraft }),
    z.strictObject({ change: CustomerChanges.extend({ _id: ObjectIdText }) }),
    z.strictObject({ delete: z.strictObject({ _id: ObjectIdText }) }),
    z.unknown(),
  ])
  .meta({ description: 'Exactly one of `create`, `change` and `delete`.' });

const Result = z.object({
  status: z.int().meta({ description: 'What the operation would have been answered by itself.' }),
  customer: z.union([CustomerDto, DeletedCustomer]).optional(),
  error: Problem.optional(),
});

const door = {
  name: 'apply-operations',
  summary: 'Create, change and delete up to 100 customers, each for itself; results in order',
  method: 'POST',
  path: '/api/v1/customer/bulk',
  impact: 'what was done offline or comes from elsewhere cannot be taken over in bulk',
  purpose: 'take-over-records',
  needs: ['database', 'keyring'],
} as const;

export const contract = defineRoute({
  ...door,
  // Who may do none of it is refused as a whole, and is never answered what was recorded for a role that sees more.
  permission: 'UPDATE_CUSTOMER',
  timeoutSeconds: 29,
  bodyLimitBytes: 1024 * 1024,
  body: z.strictObject({
    operations: z.array(Operation).min(1).max(MOST_OPERATIONS),
    dryRun: z.boolean().default(false).meta({
      description:
        'Answer what each operation would be answered on what is stored now, and write nothing. What earlier operations of the same bulk do is not seen; ids and times made by the service are others next time.',
    }),
  }),
  answers: { 200: z.object({ results: z.array(Result) }) },
  problems: [],
});

/** What is asked of each operation: what its own route asks. */
export const operations = {
  create: defineRoute({ ...door, ...creation }),
  change: defineRoute({ ...door, ...change }),
  delete: defineRoute({ ...door, ...deletion, body: z.strictObject({ _id: z.unknown() }) }),
};
