import { BusinessSettingsChanges, BusinessSettingsDto } from '#lib/contract/business-settings.ts';
import { defineRoute } from '#lib/contract/route.ts';

export const contract = defineRoute({
  name: 'change-settings',
  summary: 'Choose what the business wants; what is not named stays',
  method: 'PUT',
  path: '/api/v1/customer/settings',
  impact: 'owners cannot change the rules of their business',
  permission: 'MANAGE_CUSTOMER_SETTINGS',
  purpose: 'configure-business',
  needs: ['database'],
  body: BusinessSettingsChanges,
  answers: { 200: BusinessSettingsDto },
  problems: [],
});
