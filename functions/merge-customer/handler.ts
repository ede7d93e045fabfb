import { serve } from '#lib/http/serve.ts';
import { mergePorts } from '#lib/store/merges.ts';
import { contract } from './contract.ts';
import { mergeCustomer } from './merge-customer.ts';

export const handler = serve(contract, mergeCustomer(mergePorts));
