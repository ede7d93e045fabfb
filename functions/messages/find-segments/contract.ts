import * as z from 'zod';
import { defineRoute } from '#lib/contract/route.ts';
import { SegmentDto } from '#lib/contract/segment-dto.ts';

export const contract = defineRoute({
  name: 'find-segments',
  summary: 'List the segments of the business by their names',
  method: 'GET',
  path: '/api/v1/customer/segments',
  impact: 'nobody can choose whom a message goes to',
  permission: 'SEND_TO_CUSTOMER',
  purpose: 'send-messages',
  needs: ['database', 'keyring'],
  answers: { 200: z.object({ items: z.array(SegmentDto) }) },
  problems: [],
});
