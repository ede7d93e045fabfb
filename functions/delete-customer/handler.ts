import { serve } from '#lib/http/serve.ts';
import { customerSteps } from '#lib/store/customer-steps.ts';
import { deleteCustomer } from './delete-customer.ts';
import { contract } from './contract.ts';

export const handler = serve(contract, deleteCustomer(customerSteps));
