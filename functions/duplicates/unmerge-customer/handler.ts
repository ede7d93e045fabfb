import { serve } from '#lib/serve/serve.ts';
import { settingsOf } from '#lib/store/business/stored-settings.ts';
import { customers } from '#lib/store/customers/customers.ts';
import { rehearse } from '#lib/store/database/unit-of-work.ts';
import { merges } from '#lib/store/duplicates/merges.ts';
import { contract } from './contract.ts';
import { unmergeCustomer } from './unmerge-customer.ts';

const ports = { customers, merges, settingsOf, rehearse, now: () => new Date() };
export const handler = serve(contract, unmergeCustomer(ports));
