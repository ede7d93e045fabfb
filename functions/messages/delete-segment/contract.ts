import * as z from 'zod';
import { defineRoute } from '#lib/contract/route.ts';
import { SegmentPath } from '#lib/contract/segment-dto.ts';

export const contract = defineRoute({
  name: 'delete-segment',
  summary: 'Delete a segment; its customers stay',
  method: 'DELETE',
  path: '/api/v1/customer/segments/{segmentId}',
  impact: 'nobody can delete a segment',
  permission: 'MANAGE_CUSTOMER_SETTINGS',
  purpose: 'configure-business',
  needs: ['database', 'keyring'],
  params: SegmentPath,
  answers: { 200: z.object({ segmentId: z.string(), deleted: z.literal(true) }) },
  problems: [],
});
