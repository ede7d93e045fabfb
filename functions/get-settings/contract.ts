import { BusinessSettingsDto } from '#lib/contract/business-settings.ts';
import { defineRoute } from '#lib/contract/route.ts';

export const contract = defineRoute({
  name: 'get-settings',
  summary: 'What the business chose',
  method: 'GET',
  path: '/api/v1/customer/settings',
  impact: 'owners cannot see the rules their business set',
  permission: 'MANAGE_CUSTOMER_SETTINGS',
  purpose: 'configure-business',
  needs: ['database'],
  answers: { 200: BusinessSettingsDto },
  problems: [],
});
