import { isMissLimited, MANY_DENIALS, type Verdict } from '#lib/domain/access/exact-questions.ts';
import type { BusinessScope } from '#lib/domain/access/scope.ts';
import { Refusal } from '#lib/domain/errors.ts';
import { countQuestion, takeBackMiss } from '#lib/store/business/exact-questions.ts';
import { reportDeniedOften } from './denied-often.ts';

/** Does one look-up by a whole email or phone, if the caller may ask. `isHit` says whether it found a customer. */
export type AskExactly = <T>(
  look: () => Promise<T>,
  isHit: (found: T) => boolean,
  scope: BusinessScope,
) => Promise<T>;

type Ports = Readonly<{
  count: (scope: BusinessScope) => Promise<Verdict>;
  takeBack: (id: string, scope: BusinessScope) => Promise<void>;
  report: typeof reportDeniedOften;
}>;

/**
 * Limits the exact questions that miss, for the roles that see contact data masked. The question is counted before the
 * look-up, so that questions at the same time cannot learn more than the limit allows, and a hit takes it back. A
 * look-up that fails counts as a miss, once for all attempts of its request. Other roles ask without a round trip of their
 * own.
 */
export const exactQuestion = ({ count, takeBack, report }: Ports): AskExactly => {
  /** The questions whose look-up has not succeeded yet, by their requests. */
  const open = new WeakMap<object, string>();
  const counted = async (scope: BusinessScope): Promise<string> => {
    const verdict = await count(scope);
    if (verdict.isGranted) return verdict.id;
    const { actorId: actor, businessId } = scope;
    if (verdict.denial === MANY_DENIALS) report({ limit: 'misses', actor, businessId });
    throw tooManyMisses(verdict.retryAfterSeconds);
  };
  return async (look, isHit, scope) => {
    if (!isMissLimited(scope.role)) return await look();
    const id = open.get(scope.request) ?? (await counted(scope));
    open.set(scope.request, id);
    const found = await look();
    if (isHit(found)) await takeBack(id, scope);
    open.delete(scope.request);
    return found;
  };
};

const tooManyMisses = (retryAfterSeconds: number): Refusal => {
  const minutes = Math.ceil(retryAfterSeconds / 60);
  const wait = `${String(minutes)} ${minutes === 1 ? 'minute' : 'minutes'}`;
  return new Refusal(
    'rate-limited',
    `Too many of your searches by email or phone found no customer. Try again in ${wait}, or search by name.`,
    { retryAfterSeconds },
  );
};

/** Asks an exact question under the limit of the caller. Throws Refusal `rate-limited`. */
export const askExactly = exactQuestion({
  count: countQuestion,
  takeBack: takeBackMiss,
  report: reportDeniedOften,
});
