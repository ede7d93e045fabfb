import { serve } from '#lib/http/serve.ts';
import { customerSteps } from '#lib/store/customer-steps.ts';
import { contract } from './contract.ts';
import { createCustomer } from './create-customer.ts';

export const handler = serve(contract, createCustomer(customerSteps));
