import { serve } from '#lib/serve/serve.ts';
import { settingsOf } from '#lib/store/business/stored-settings.ts';
import { customers } from '#lib/store/customers/customers.ts';
import { contract } from './contract.ts';
import { patchCustomer } from './patch-customer.ts';

export const handler = serve(contract, patchCustomer({ customers, settingsOf, now: () => new Date() }));
