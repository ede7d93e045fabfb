import { serve } from '#lib/serve/serve.ts';
import { settingsOf } from '#lib/store/business/stored-settings.ts';
import { customers } from '#lib/store/customers/customers.ts';
import { contract } from './contract.ts';
import { deleteCustomer } from './delete-customer.ts';

export const handler = serve(contract, deleteCustomer({ customers, settingsOf, now: () => new Date() }));
