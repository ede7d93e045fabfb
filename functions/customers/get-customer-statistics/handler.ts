import { serve } from '#lib/serve/serve.ts';
import { countByTypeAndState, countNewByDay } from '#lib/store/lists/counts.ts';
import { countVisits } from '#lib/store/lists/visits.ts';
import { contract } from './contract.ts';
import { getCustomerStatistics } from './get-customer-statistics.ts';

export const handler = serve(
  contract,
  getCustomerStatistics({ countByTypeAndState, countNewByDay, countVisits, now: () => new Date() }),
);
