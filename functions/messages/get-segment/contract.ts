import { defineRoute } from '#lib/contract/route.ts';
import { SegmentPath, SizedSegmentDto } from '#lib/contract/segment-dto.ts';

export const contract = defineRoute({
  name: 'get-segment',
  summary: 'Read a segment, and count the customers who belong to it now',
  method: 'GET',
  path: '/api/v1/customer/segments/{segmentId}',
  impact: 'nobody can see how many customers a segment has',
  permission: 'SEND_TO_CUSTOMER',
  purpose: 'send-messages',
  needs: ['database', 'keyring'],
  params: SegmentPath,
  answers: { 200: SizedSegmentDto },
  problems: ['segment-not-found'],
});
