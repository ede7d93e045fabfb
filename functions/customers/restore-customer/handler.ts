import { serve } from '#lib/serve/serve.ts';
import { settingsOf } from '#lib/store/business/stored-settings.ts';
import { customers } from '#lib/store/customers/customers.ts';
import { contract } from './contract.ts';
import { restoreCustomer } from './restore-customer.ts';

export const handler = serve(contract, restoreCustomer({ customers, settingsOf, now: () => new Date() }));
