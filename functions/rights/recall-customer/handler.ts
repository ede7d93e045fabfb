import { serve } from '#lib/serve/serve.ts';
import { findForChange } from '#lib/store/customers/merged.ts';
import { stageRecall } from '#lib/store/customers/recall.ts';
import { contract } from './contract.ts';
import { recallCustomer } from './recall-customer.ts';

export const handler = serve(contract, recallCustomer({ find: findForChange, stageRecall }));
