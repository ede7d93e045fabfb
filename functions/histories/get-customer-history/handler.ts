import { serve } from '#lib/serve/serve.ts';
import { readHistory } from '#lib/store/histories/read-history.ts';
import { contract } from './contract.ts';
import { getCustomerHistory } from './get-customer-history.ts';

export const handler = serve(contract, getCustomerHistory({ readHistory }));
