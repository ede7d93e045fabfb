import { type CustomerCloudEvent, toCloudEvent } from '#lib/contract/customer-events.ts';
import type { SystemUseCase } from '#lib/contract/task.ts';
import type { SystemScope } from '#lib/domain/access/scope.ts';
import type { CustomerEvent } from '#lib/domain/messages/customer-event.ts';
import { afterTurn, nextOf, turnsOf } from '#lib/domain/messages/turns.ts';
import type { ErrorFields, LogEvents } from '#lib/runtime/log-events.ts';
import type { isNext, Renew, underLease, waitNext } from '#lib/store/leases/lease.ts';
import type {
  findPending,
  markPublished,
  noteRefused,
  readLagMs,
} from '#lib/store/messages/pending-events.ts';
import type { contract } from './contract.ts';

type Needs = {
  underLease: typeof underLease;
  waitNext: typeof waitNext;
  isNext: typeof isNext;
  findPending: typeof findPending;
  markPublished: typeof markPublished;
  noteRefused: typeof noteRefused;
  readLagMs: typeof readLagMs;
  /** Puts up to ten events on the bus. For each: why the bus refused it, or null. */
  put: (events: readonly CustomerCloudEvent[], deadline: number) => Promise<readonly (string | null)[]>;
  describeError: (error: unknown) => ErrorFields;
  logEvent: <E extends keyof LogEvents>(event: E, fields: LogEvents[E]) => void;
  reportLag: (seconds: number) => void;
  pause: (ms: number) => Promise<void>;
  now: () => Date;
};

/** The run stops this long before the deadline, so that the platform never cuts it off. */
const SPARE_MS = 20_000;
/** How many events the bus takes at once. */
const AT_ONCE = 10;
/** A hastened run waits so long for another one to end, because that one may have looked just before the event was there. */
const HASTENED_WAIT_MS = 3_000;
const RETRY_MS = 200;
const ANOTHER_RUN = { outcome: 'another-run' as const, published: 0, refused: 0, lagSeconds: null };
/** The service itself cannot make this event, for example because a newer version wrote it. */
const UNREADABLE = 'unreadable';

type Run = Readonly<{
  size: number;
  lastLookMs: number;
  until: number;
  renew: Renew;
  scope: SystemScope;
  /** The customers of refused events. Their later events wait for the next run. */
  held: Set<string>;
  done: { published: number; refused: number };
}>;

/**
 * Publishes the events that wait: each at least once, and each customer's in order, because the next one goes only after the
 * bus has accepted the one before. One run works at a time; two do no harm, because either keeps that order.
 */
export const relayEvents =
  (needs: Needs): SystemUseCase<typeof contract> =>
  async ({ batchSize, lastLookMs, awslogs }, scope) => {
    const work = async (renew: Renew) => {
      const until = scope.deadline - SPARE_MS;
      const run = { size: batchSize, lastLookMs, until, renew, scope, held: new Set<string>() };
      const done = { published: 0, refused: 0 };
      const outcome = await publishAll(needs, { ...run, done });
      if (done.published + done.refused > 0) needs.logEvent('events-relayed', { outcome, ...done });
      const lagSeconds = (await needs.readLagMs(scope)) / 1_000;
      needs.reportLag(lagSeconds);
      return { outcome, ...done, lagSeconds };
    };
    const waitMs = awslogs === undefined ? 0 : HASTENED_WAIT_MS;
    return (await whenFree(needs, waitMs, { work, scope })) ?? ANOTHER_RUN;
  };

/** Works when no other run does, or null. Of the runs that wait, the newest goes on; the others end. */
const whenFree = async <T>(
  needs: Needs,
  waitMs: number,
  { work, scope }: Readonly<{ work: (renew: Renew) => Promise<T>; scope: SystemScope }>,
): Promise<T | null> => {
  const giveUpAt = needs.now().getTime() + waitMs;
  for (let isWaiting = false; ; isWaiting = true) {
    const result = await needs.underLease(scope, work);
    if (result !== null || needs.now().getTime() >= giveUpAt) return result;
    if (!isWaiting) await needs.waitNext(scope);
    else if (!(await needs.isNext(scope))) return null;
    await needs.pause(RETRY_MS);
  }
};

const hasTime = (needs: Needs, { until }: Run): boolean => needs.now().getTime() < until;

const publishAll = async (needs: Needs, run: Run): Promise<'finished' | 'out-of-time' | 'bus-failed'> => {
  let isLastLook = false;
  while (hasTime(needs, run) && (await run.renew())) {
    const events = await needs.findPending({ most: run.size, except: run.held }, run.scope);
    if (events.length > 0) {
      isLastLook = false;
      if (!(await publish(needs, events, run))) return 'bus-failed';
    } else if (isLastLook) {
      return 'finished';
    } else {
      isLastLook = true;
      await needs.pause(run.lastLookMs);
    }
  }
  return 'out-of-time';
};

/** False: the bus failed. Nobody knows which events of the last call it has, so they go again, with the same ids. */
const publish = async (needs: Needs, events: readonly CustomerEvent[], run: Run): Promise<boolean> => {
  let turns = turnsOf(events);
  while (turns.size > 0 && hasTime(needs, run)) {
    const taken = nextOf(turns, AT_ONCE);
    const answers = await askBus(needs, taken, run);
    if (answers === null) return false;
    await note(needs, answers, run);
    turns = afterTurn(turns, { taken, refused: run.held });
  }
  return true;
};

/** An event, and why it was refused. */
type Answer = Readonly<{ event: CustomerEvent; refusal: string | null }>;

const askBus = async (
  needs: Needs,
  taken: readonly CustomerEvent[],
  { scope }: Run,
): Promise<readonly Answer[] | null> => {
  const sent = taken.map(toCloudEvent).filter((event) => event !== null);
  try {
    const answers = sent.length === 0 ? [] : await needs.put(sent, scope.deadline);
    const refusalOf = new Map(sent.map(({ id }, index) => [id, answers[index]]));
    return taken.map((event) => {
      const refusal = refusalOf.get(event.id);
      return { event, refusal: refusal === undefined ? UNREADABLE : refusal };
    });
  } catch (error) {
    needs.logEvent('bus-failed', needs.describeError(error));
    return null;
  }
};

const note = async (needs: Needs, answers: readonly Answer[], { scope, held, done }: Run): Promise<void> => {
  const idsOf = (some: readonly Answer[]) => some.map(({ event }) => event.id);
  const published = answers.filter(({ refusal }) => refusal === null);
  const refused = answers.filter(({ refusal }) => refusal !== null);
  if (published.length > 0) await needs.markPublished(idsOf(published), needs.now(), scope);
  if (refused.length > 0) await needs.noteRefused(idsOf(refused), scope);
  done.published += published.length;
  done.refused += refused.length;
  for (const { event, refusal } of refused) {
    held.add(event.customerId);
    const { businessId, customerId, id } = event;
    needs.logEvent('event-refused', { businessId, customerId, event: id, code: refusal ?? UNREADABLE });
  }
};
