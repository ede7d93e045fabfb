import { serve } from '#lib/http/serve.ts';
import { changePorts } from '#lib/store/change-ports.ts';
import { changeCustomer } from './change-customer.ts';
import { contract } from './contract.ts';

export const handler = serve(contract, changeCustomer(changePorts));
