import { createHash } from 'node:crypto';
import { type CallerBudget, msUntilFull, type Spent } from '#lib/domain/access/caller-budget.ts';
import { USES_OF_A_LINK, USES_OF_ALL_LINKS } from '#lib/domain/access/link-budget.ts';
import { CallerScope } from '#lib/domain/access/scope.ts';
import { callerBudgetSpent } from '#lib/domain/refusals.ts';
import { describeError, logEvent } from '#lib/runtime/logger.ts';
import { spendBudget } from '#lib/store/callers/refusal-budget.ts';
import { within } from './before-deadline.ts';

export type LinkPorts = Readonly<{
  /** Counts a use in the database, for all environments. */
  spend: (scope: CallerScope, budget: CallerBudget) => Promise<Spent>;
  /** Milliseconds since the epoch. */
  now: () => number;
}>;

type Use = Readonly<{
  /** The token of the link, which is genuine. */
  token: string;
  requestId: string;
  deadline: number;
}>;

const KNOWN_LINKS = 1_000;
/** How long a use waits until it is counted. It is served when that takes longer. */
const PATIENCE_MS = 1_000;

/** The names of both counts. No subject of a token can begin so. */
const ALL_LINKS = 'link:all';
const nameOf = (token: string): string => `link:${createHash('sha256').update(token).digest('base64url')}`;

const BUSY = 'Too many unsubscribe links are used at the moment.';
const REPEATED = 'This link was used too often.';

/**
 * Makes the limiter of the links in messages, which need no caller and no business. A link whose budget is empty is refused by
 * this environment itself until the budget is full again.
 */
export const linkLimiter = ({ spend, now }: LinkPorts) => {
  const emptyUntil = new Map<string, number>();
  const refuseUntil = (name: string, text: string, budget: CallerBudget): void => {
    const ms = (emptyUntil.get(name) ?? 0) - now();
    if (ms > 0) throw callerBudgetSpent(text, { budget, ms });
  };
  const take = async (name: string, text: string, { budget, use }: { budget: CallerBudget; use: Use }) => {
    refuseUntil(name, text, budget);
    const spent = await spendInTime((scope) => spend(scope, budget), { ...use, actorId: name });
    if (spent?.granted !== false) return;
    if (emptyUntil.size >= KNOWN_LINKS) emptyUntil.clear();
    emptyUntil.set(name, now() + msUntilFull(budget, spent));
    refuseUntil(name, text, budget);
  };
  /** @throws Refusal `rate-limited` when the link, or all links together, were used too often */
  return async (use: Use): Promise<void> => {
    await take(nameOf(use.token), REPEATED, { budget: USES_OF_A_LINK, use });
    await take(ALL_LINKS, BUSY, { budget: USES_OF_ALL_LINKS, use });
  };
};

/** Null if the database does not answer soon. Nobody is kept from taking a consent back because a count is not known. */
const spendInTime = async (
  spend: (scope: CallerScope) => Promise<Spent>,
  { actorId, requestId, deadline }: Pick<CallerScope, 'actorId' | 'requestId' | 'deadline'>,
): Promise<Spent | null> => {
  const until = Math.min(deadline, Date.now() + PATIENCE_MS);
  const scope = new CallerScope({ actorId, requestId, deadline: until });
  try {
    // Without `beforeDeadline`, which would close the connection: the withdrawal still needs it.
    return await within(
      until,
      () => spend(scope),
      () => new Error('The use of a link took too long to count.'),
    );
  } catch (error) {
    logEvent('rate-limit-unread', describeError(error));
    return null;
  }
};

/** Counts the use of a link. Throws Refusal `rate-limited`. */
export const withinLinkLimit = linkLimiter({ spend: spendBudget, now: Date.now });
