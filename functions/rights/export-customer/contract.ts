import * as z from 'zod';
import { CustomerPath } from '#lib/contract/customer-draft.ts';
import { CustomerExport } from '#lib/contract/customer-export.ts';
import { CursorText } from '#lib/contract/paging.ts';
import { defineRoute } from '#lib/contract/route.ts';

export const contract = defineRoute({
  name: 'export-customer',
  summary: 'Export everything about a customer (article 15), or what was given and done (article 20)',
  method: 'GET',
  path: '/api/v1/customer/{id}/export',
  impact: 'people who ask for their data do not get it',
  permission: 'MANAGE_CUSTOMER_PRIVACY',
  purpose: 'honour-privacy-rights',
  needs: ['database', 'keyring'],
  params: CustomerPath,
  query: z.object({
    article: z.enum(['15', '20']).default('15').meta({ description: 'The article of the GDPR.' }),
    staff: z
      .enum(['true', 'false'])
      .default('false')
      .meta({ description: 'Whether to name the employees. Otherwise only their roles are shown.' }),
    cursor: CursorText.optional(),
  }),
  answers: { 200: CustomerExport },
  problems: ['customer-not-found'],
});
