import { BusinessSettingsDto } from '#lib/contract/settings-dto.ts';
import { defineRoute } from '#lib/contract/route.ts';

export const contract = defineRoute({
  name: 'get-settings',
  summary: 'Read the settings of the business',
  method: 'GET',
  path: '/api/v1/customer/settings',
  impact: 'owners cannot see the settings of their business',
  permission: 'MANAGE_CUSTOMER_SETTINGS',
  purpose: 'configure-business',
  needs: ['database'],
  answers: { 200: BusinessSettingsDto },
  problems: [],
});
