import { askExactly } from '#lib/serve/limits/exact-question.ts';
import { serve } from '#lib/serve/serve.ts';
import { findLiveByEmail, findLiveByPhone } from '#lib/store/customers/reader.ts';
import { contract } from './contract.ts';
import { lookUpCustomer } from './look-up-customer.ts';

export const handler = serve(contract, lookUpCustomer({ findLiveByEmail, findLiveByPhone, askExactly }));
