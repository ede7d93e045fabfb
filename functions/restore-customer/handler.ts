import { serve } from '#lib/http/serve.ts';
import { changePorts } from '#lib/store/change-ports.ts';
import { stateToRestore } from '#lib/store/customers.ts';
import { contract } from './contract.ts';
import { restoreCustomer } from './restore-customer.ts';

export const handler = serve(contract, restoreCustomer({ ...changePorts, stateToRestore }));
