import { serve } from '#lib/http/serve.ts';
import { changePorts } from '#lib/store/change-ports.ts';
import { contract } from './contract.ts';
import { patchCustomer } from './patch-customer.ts';

export const handler = serve(contract, patchCustomer(changePorts));
