import { serve } from '#lib/http/serve.ts';
import { changePorts } from '#lib/store/change-ports.ts';
import { addCustomer, newId, wasCreatedFrom } from '#lib/store/customers.ts';
import { isErased } from '#lib/store/erasures.ts';
import { contract } from './contract.ts';
import { createCustomer } from './create-customer.ts';

const ports = { ...changePorts, isErased, wasCreatedFrom, addCustomer, newId };
export const handler = serve(contract, createCustomer(ports));
