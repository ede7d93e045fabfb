import { serve } from '#lib/serve/serve.ts';
import { settingsOf } from '#lib/store/business/stored-settings.ts';
import { customers } from '#lib/store/customers/customers.ts';
import { contract } from './contract.ts';
import { createCustomer } from './create-customer.ts';

export const handler = serve(contract, createCustomer({ customers, settingsOf, now: () => new Date() }));
