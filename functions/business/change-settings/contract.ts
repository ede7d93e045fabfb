import { BusinessSettingsChanges, BusinessSettingsDto } from '#lib/contract/settings-dto.ts';
import { defineRoute } from '#lib/contract/route.ts';

export const contract = defineRoute({
  name: 'change-settings',
  summary: 'Change settings of the business; settings that are not sent stay as they are',
  method: 'PUT',
  path: '/api/v1/customer/settings',
  impact: 'owners cannot change the settings of their business',
  permission: 'MANAGE_CUSTOMER_SETTINGS',
  purpose: 'configure-business',
  needs: ['database'],
  body: BusinessSettingsChanges,
  answers: { 200: BusinessSettingsDto },
  problems: [],
});
