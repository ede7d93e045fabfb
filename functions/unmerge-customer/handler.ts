import { serve } from '#lib/http/serve.ts';
import { mergePorts } from '#lib/store/merges.ts';
import { contract } from './contract.ts';
import { unmergeCustomer } from './unmerge-customer.ts';

export const handler = serve(contract, unmergeCustomer(mergePorts));
