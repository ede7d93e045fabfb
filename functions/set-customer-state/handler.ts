import { serve } from '#lib/http/serve.ts';
import { changePorts } from '#lib/store/change-ports.ts';
import { contract } from './contract.ts';
import { setCustomerState } from './set-customer-state.ts';

export const handler = serve(contract, setCustomerState(changePorts));
