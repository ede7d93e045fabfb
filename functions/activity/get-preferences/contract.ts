import { CustomerPath } from '#lib/contract/customer-draft.ts';
import { PreferencesDto } from '#lib/contract/preferences-dto.ts';
import { defineRoute } from '#lib/contract/route.ts';

export const contract = defineRoute({
  name: 'get-preferences',
  summary: 'Read how a customer wants to be served: channel, language, services, specialists, invoicing',
  method: 'GET',
  path: '/api/v1/customer/{id}/preferences',
  impact: 'staff cannot see how a customer wants to be served',
  permission: 'READ_CUSTOMER',
  purpose: 'serve-customer',
  needs: ['database', 'keyring'],
  params: CustomerPath,
  answers: { 200: PreferencesDto },
  problems: ['customer-not-found'],
});
