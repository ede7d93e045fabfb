import { serve } from '#lib/http/serve.ts';
import { customerSteps } from '#lib/store/customer-steps.ts';
import { changeCustomer } from './change-customer.ts';
import { contract } from './contract.ts';

export const handler = serve(contract, changeCustomer(customerSteps));
