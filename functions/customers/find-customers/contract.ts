import { CustomerPage, PageParameters } from '#lib/contract/paging.ts';
import { defineRoute } from '#lib/contract/route.ts';

export const contract = defineRoute({
  name: 'find-customers',
  summary: 'Search, filter, list and sync customers',
  method: 'GET',
  path: '/api/v1/customer/paged',
  impact: 'staff cannot find customers, and offline panels stop syncing',
  permission: 'READ_CUSTOMER',
  purpose: 'find-customer',
  needs: ['database', 'keyring'],
  bucket: 'pull',
  readsAgain: true,
  query: PageParameters,
  answers: { 200: CustomerPage },
  problems: ['page-too-large'],
});
