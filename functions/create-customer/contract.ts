import { CustomerDraft } from '#lib/contract/customer-draft.ts';
import { CustomerDto } from '#lib/contract/customer-dto.ts';
import { defineRoute } from '#lib/contract/route.ts';

export const contract = defineRoute({
  name: 'create-customer',
  summary: 'Create a customer; sent again with the same _id, it answers 200',
  method: 'POST',
  path: '/api/v1/customer',
  impact: 'nobody can register; bookings with a new customer fail',
  permission: 'CREATE_CUSTOMER',
  purpose: 'manage-relationship',
  needs: ['database', 'keyring'],
  body: CustomerDraft,
  answers: { 201: CustomerDto, 200: CustomerDto },
  problems: ['duplicate-email', 'duplicate-phone', 'id-taken', 'illegal-transition'],
  statusOf: { 'illegal-transition': 400 },
});
