import { defineRoute } from '#lib/contract/route.ts';
import { SegmentDraft, SegmentDto, SegmentPath } from '#lib/contract/segment-dto.ts';

export const contract = defineRoute({
  name: 'change-segment',
  summary: 'Give a segment another name and other conditions',
  method: 'PUT',
  path: '/api/v1/customer/segments/{segmentId}',
  impact: 'nobody can change a segment',
  permission: 'MANAGE_CUSTOMER_SETTINGS',
  purpose: 'configure-business',
  needs: ['database', 'keyring'],
  params: SegmentPath,
  body: SegmentDraft,
  answers: { 200: SegmentDto },
  problems: ['invalid-request', 'segment-not-found', 'name-taken'],
});
