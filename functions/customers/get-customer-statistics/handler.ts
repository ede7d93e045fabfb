import { serve } from '#lib/serve/serve.ts';
import { countByTypeAndState, countNewByDay } from '#lib/store/lists/counts.ts';
import { contract } from './contract.ts';
import { getCustomerStatistics } from './get-customer-statistics.ts';

export const handler = serve(
  contract,
  getCustomerStatistics({ countByTypeAndState, countNewByDay, now: () => new Date() }),
);
