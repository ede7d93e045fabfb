import { serve } from '#lib/http/serve.ts';
import { readHistory } from '#lib/store/audit.ts';
import { contract } from './contract.ts';
import { getCustomerHistory } from './get-customer-history.ts';

export const handler = serve(contract, getCustomerHistory({ readHistory }));
