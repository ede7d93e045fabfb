import * as z from 'zod';
import { CustomerPath, ObjectIdText } from '#lib/contract/customer-draft.ts';
import { defineRoute } from '#lib/contract/route.ts';
import { ARCHIVE_PURPOSE } from '#lib/domain/rights/archive.ts';

const Recalled = <A extends 'here' | 'returning'>(archive: A) =>
  z.object({ _id: ObjectIdText, archive: z.literal(archive) });

export const contract = defineRoute({
  name: 'recall-customer',
  summary: 'Ask for what the archive has of a customer: its note comes back within minutes, or hours',
  method: 'POST',
  path: '/api/v1/customer/{id}/recall',
  impact: 'customers cannot be brought back from the archive',
  permission: 'RECALL_CUSTOMER',
  purpose: ARCHIVE_PURPOSE,
  needs: ['database', 'keyring'],
  params: CustomerPath,
  answers: { 200: Recalled('here'), 202: Recalled('returning') },
  problems: ['customer-not-found'],
});
