import { defineRoute } from '#lib/contract/route.ts';
import { SegmentDraft, SegmentDto } from '#lib/contract/segment-dto.ts';

export const contract = defineRoute({
  name: 'create-segment',
  summary: 'Name a group of customers by conditions, to write to them',
  method: 'POST',
  path: '/api/v1/customer/segments',
  impact: 'nobody can create a segment',
  permission: 'MANAGE_CUSTOMER_SETTINGS',
  purpose: 'configure-business',
  needs: ['database', 'keyring'],
  body: SegmentDraft,
  answers: { 201: SegmentDto },
  problems: ['invalid-request', 'name-taken', 'too-many-segments'],
});
