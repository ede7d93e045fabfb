import { CustomerPath } from '#lib/contract/customer-draft.ts';
import { PreferenceChanges, PreferencesDto } from '#lib/contract/preferences-dto.ts';
import { defineRoute } from '#lib/contract/route.ts';

export const contract = defineRoute({
  name: 'set-preferences',
  summary: 'Set how a customer wants to be served; preferences that are not sent stay as they are',
  method: 'PUT',
  path: '/api/v1/customer/{id}/preferences',
  impact: 'what a customer prefers cannot be noted',
  permission: 'UPDATE_CUSTOMER',
  purpose: 'keep-data-accurate',
  needs: ['database', 'keyring'],
  params: CustomerPath,
  body: PreferenceChanges,
  answers: { 200: PreferencesDto },
  problems: ['customer-not-found'],
});
