import * as z from 'zod';
import {
  AttendeeDto,
  MOST_SNAPSHOTS,
  orderParameters,
  PayerDto,
  SnapshotUse,
} from '#lib/contract/attendee-dto.ts';
import { ObjectIdText } from '#lib/contract/customer-draft.ts';
import { Problem } from '#lib/contract/problem-body.ts';
import { defineRoute } from '#lib/contract/route.ts';

const Result = z.object({
  status: z.union([z.literal(200), z.literal(404)]),
  attendee: AttendeeDto.optional(),
  payer: PayerDto.optional(),
  error: Problem.optional(),
});

export const contract = defineRoute({
  name: 'get-snapshots',
  summary: 'Take copies of up to 100 customers for orders or payments, with a result for each',
  method: 'POST',
  path: '/api/v1/customer/snapshots',
  impact: 'orders and payments cannot name their customers',
  permission: 'READ_CUSTOMER_SNAPSHOT',
  purpose: 'serve-order',
  needs: ['database', 'keyring'],
  onlyReads: true,
  body: z.strictObject({
    customerIds: z.array(ObjectIdText).min(1).max(MOST_SNAPSHOTS),
    as: SnapshotUse,
    ...orderParameters,
  }),
  answers: {
    200: z.object({
      results: z.array(Result).meta({ description: 'In the order of `customerIds`.' }),
    }),
  },
  problems: ['page-too-large'],
});
