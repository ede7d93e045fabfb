import { askExactly } from '#lib/serve/limits/exact-question.ts';
import { serve } from '#lib/serve/serve.ts';
import { readPage } from '#lib/store/lists/pages.ts';
import { contract } from './contract.ts';
import { findCustomers } from './find-customers.ts';

export const handler = serve(contract, findCustomers({ readPage, askExactly, now: () => new Date() }));
