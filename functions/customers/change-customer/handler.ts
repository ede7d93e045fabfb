import { serve } from '#lib/serve/serve.ts';
import { settingsOf } from '#lib/store/business/stored-settings.ts';
import { customers } from '#lib/store/customers/customers.ts';
import { changeCustomer } from './change-customer.ts';
import { contract } from './contract.ts';

const steps = changeCustomer({ customers, settingsOf, now: () => new Date() });
export const handler = serve(contract, steps, customers.requireKnown);
