import { ok, type UseCase } from '#lib/contract/route.ts';
import type { BusinessScope } from '#lib/domain/access/scope.ts';
import type { Customer } from '#lib/domain/customers/customer.ts';
import type { AskExactly } from '#lib/serve/limits/exact-question.ts';
import type { FirstTimes } from '#lib/store/activity/first-times.ts';
import type { contract } from './contract.ts';

type LookUp = (text: string, scope: BusinessScope) => Promise<Pick<Customer, 'id'> | null>;
type Needs = {
  findLiveByEmail: LookUp;
  findLiveByPhone: LookUp;
  askExactly: AskExactly;
  firstTimes: Pick<FirstTimes, 'find' | 'tell'>;
  now: () => Date;
};

const isFound = (customer: unknown): boolean => customer !== null;

/**
 * Tells whether a customer comes for the first time: the one with this id, or else with this email, or else with this phone.
 * The email and the phone are two exact questions, as in a look-up.
 */
export const tellFirstTime =
  ({ findLiveByEmail, findLiveByPhone, askExactly, firstTimes, now }: Needs): UseCase<typeof contract> =>
  async ({ query: { customerId, email, phone, at = now(), exceptOrder = null } }, scope) => {
    const lookUp = async (find: LookUp, text: string | undefined): Promise<string | null> => {
      if (text === undefined) return null;
      return (await askExactly(() => find(text, scope), isFound, scope))?.id ?? null;
    };
    const known = customerId === undefined ? null : await firstTimes.find(customerId, scope);
    const foundId =
      known === null
        ? ((await lookUp(findLiveByEmail, email)) ?? (await lookUp(findLiveByPhone, phone)))
        : null;
    const found = known ?? (foundId === null ? null : await firstTimes.find(foundId, scope));
    if (found === null) return ok({ firstTime: true, visits: 0 });
    const told = await firstTimes.tell([found], { at, exceptOrder }, scope);
    return ok({
      firstTime: told.get(found.customerId) ?? true,
      visits: found.summary.visitCount,
      _id: found.customerId,
    });
  };
