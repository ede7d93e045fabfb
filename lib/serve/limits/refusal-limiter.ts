import { msUntilFull, REFUSALS, type Spent } from '#lib/domain/access/caller-budget.ts';
import { CallerScope } from '#lib/domain/access/scope.ts';
import { Refusal, type RefusalCode } from '#lib/domain/errors.ts';
import { callerBudgetSpent } from '#lib/domain/refusals.ts';
import { numericSetting } from '#lib/runtime/config.ts';
import { describeError, logEvent } from '#lib/runtime/logger.ts';
import { spendBudget } from '#lib/store/callers/refusal-budget.ts';
import { beforeDeadline } from './before-deadline.ts';
import { reportDeniedOften } from './denied-often.ts';

export type RefusalPorts = Readonly<{
  /** Counts a refusal in the database, for all environments. */
  spend: (scope: CallerScope) => Promise<Spent>;
  /** Milliseconds since the epoch. */
  now: () => number;
}>;

type Asking = Readonly<{
  /** The subject of the caller's token, or undefined. */
  subject: string | undefined;
  requestId: string;
  deadline: number;
  /** Whether an answer with this code spends the budget. */
  isDenial: (code: RefusalCode) => boolean;
}>;

const KNOWN_SUBJECTS = 1_000;
/** The longest subject that OpenID Connect allows. Longer ones share one budget, with tokens that have no subject. */
const LONGEST_SUBJECT = 255;
/** How long a refusal waits until it is counted. */
const PATIENCE_MS = 1_000;

/**
 * Makes the refusal limiter of an environment. It counts the calls of a subject that are denied, and no others, so that
 * calls that are served cost no round trip. When the subject's budget is empty, the environment answers all of its calls
 * itself until the budget is full again, before it looks at the business that they name.
 */
export const refusalLimiter = ({ spend, now }: RefusalPorts) => {
  const emptyUntil = new Map<string, number>();
  const refuseUntil = (until: number): void => {
    if (until > now()) throw callerBudgetSpent(REFUSAL_TEXT, { budget: REFUSALS, ms: until - now() });
  };
  const noteEmpty = (subject: string, spent: Spent): number => {
    if (emptyUntil.size >= KNOWN_SUBJECTS) emptyUntil.clear();
    const until = now() + msUntilFull(REFUSALS, spent);
    emptyUntil.set(subject, until);
    if (spent.denied === 1)
      reportDeniedOften({ limit: 'refusals', ...(subject !== '' && { actor: subject }) });
    return until;
  };
  return async <T>({ isDenial, ...asking }: Asking, work: () => Promise<T>): Promise<T> => {
    const subject = usable(asking.subject);
    refuseUntil(emptyUntil.get(subject) ?? 0);
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Refusal) || !isDenial(error.code)) throw error;
      const spent = await spendInTime(spend, { ...asking, actorId: subject });
      if (spent?.granted === false) refuseUntil(noteEmpty(subject, spent));
      throw error;
    }
  };
};

const REFUSAL_TEXT = 'Too many of your calls were refused.';

const usable = (subject = ''): string => (subject.length > LONGEST_SUBJECT ? '' : subject);

/** Counts a refusal. Null if the database does not answer soon: the call is then refused without being counted. */
const spendInTime = async (
  spend: RefusalPorts['spend'],
  { actorId, requestId, deadline }: Pick<CallerScope, 'actorId' | 'requestId' | 'deadline'>,
): Promise<Spent | null> => {
  const scope = new CallerScope({
    actorId,
    requestId,
    deadline: Math.min(deadline, Date.now() + PATIENCE_MS),
  });
  try {
    return await beforeDeadline(scope.deadline, () => spend(scope));
  } catch (error) {
    logEvent('refusal-uncounted', describeError(error));
    return null;
  }
};

/** Tests that refuse many calls set a larger budget. */
const budget = () => ({ ...REFUSALS, most: numericSetting('REFUSALS_PER_MINUTE') ?? REFUSALS.most });

/** Does the work of a call unless too many calls of its subject were refused. Throws Refusal `rate-limited`. */
export const withinRefusals = refusalLimiter({
  spend: (scope) => spendBudget(scope, budget()),
  now: Date.now,
});
