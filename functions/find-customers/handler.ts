import { serve } from '#lib/http/serve.ts';
import { readPage } from '#lib/store/customer-pages.ts';
import { contract } from './contract.ts';
import { findCustomers } from './find-customers.ts';

export const handler = serve(contract, findCustomers({ readPage, now: () => new Date() }));
