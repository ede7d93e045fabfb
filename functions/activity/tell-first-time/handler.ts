import { askExactly } from '#lib/serve/limits/exact-question.ts';
import { serve } from '#lib/serve/serve.ts';
import { firstTimes } from '#lib/store/activity/first-times.ts';
import { findLiveByEmail, findLiveByPhone } from '#lib/store/customers/reader.ts';
import { contract } from './contract.ts';
import { tellFirstTime } from './tell-first-time.ts';

export const handler = serve(
  contract,
  tellFirstTime({ findLiveByEmail, findLiveByPhone, askExactly, firstTimes, now: () => new Date() }),
);
