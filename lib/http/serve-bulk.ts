import type * as z from 'zod';
import { ok, type UseCase } from '#lib/contract/route.ts';
import { Refusal, Unavailable } from '#lib/domain/errors.ts';
import { canonicalJson, textDigest } from '#lib/privacy/payload-hash.ts';
import { rehearse } from '#lib/store/unit-of-work.ts';
import type { Accountable } from './account-for.ts';
import { saidIn, toHttpAnswer } from './answer.ts';
import type { HttpEvent, Invocation } from './http-event.ts';
import { pipeline } from './pipeline.ts';
import { toProblemAnswer } from './problem-answer.ts';
import { answering, type Outcome, type Steps, stepsOf } from './serve.ts';

type Bulk = Accountable & Readonly<{ body: z.ZodType<{ operations: readonly unknown[]; dryRun: boolean }> }>;

/** With less than this left no operation is begun: the answer to those before has to get out. */
const LEAST_MS = 400;
const TOO_LATE = 'There was no time left for this operation. Send the bulk again.';

type Answering = ReturnType<typeof answering>;

/** One kind of operation: a request by itself, and the rehearsal of one. */
type Operation = Readonly<{ contract: Accountable; inEarnest: Answering; rehearsed: Answering }>;

/** What a bulk may hold, with the same steps as a route. */
export const operation = <C extends Accountable>(contract: C, useCase: UseCase<C>): Operation => {
  const steps = stepsOf(contract, useCase);
  const rehearsal: Steps<C> = async (request, scope, admitted) => {
    const { answer } = await steps(request, scope, admitted);
    await rehearse(scope);
    return { answer, effect: 'none', isWorthRemembering: false };
  };
  return { contract, inEarnest: answering(contract, steps), rehearsed: answering(contract, rehearsal) };
};

type Operations = Readonly<Record<string, Operation>>;

/**
 * The Lambda handler of a route that takes several operations at once. Each goes through everything that a request by
 * itself goes through, one after the other, and is written in a transaction of its own; what one is refused for is in its
 * own result. With a key each is repeatable by itself: who sends a bulk again that broke off doubles nothing of it.
 */
export const serveBulk = (contract: Bulk, operations: Operations) =>
  pipeline(contract, async (event, invocation) => {
    const steps: Steps<Bulk> = async ({ body: { operations: asked, dryRun } }, { deadline }, admitted) => {
      await admitted();
      // An operation ends before the bulk does: what is left then is enough to answer.
      const part = { ...invocation, getRemainingTimeInMillis: () => deadline - Date.now() };
      const done: Done[] = [];
      for (const [position, one] of asked.entries()) {
        if (part.getRemainingTimeInMillis() < LEAST_MS) break;
        done.push(await perform(partOf(event, { position, one, dryRun }), { contract, operations }, part));
      }
      const left = asked.length - done.length;
      if (left > 0) done.push(...Array<Done>(left).fill(inVain(new Unavailable(TOO_LATE), contract, part)));
      return outcomeOf(contract, done);
    };
    return (await answering(contract, steps)(event, invocation)).answer;
  });

/** An operation as the event that it would be by itself. */
type Part = Readonly<{ name: string; event: HttpEvent; dryRun: boolean }>;

const isFields = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const partOf = (
  { headers: { 'idempotency-key': key, ...headers }, ...event }: HttpEvent,
  { position, one, dryRun }: { position: number; one: unknown; dryRun: boolean },
): Part => {
  const [[name, body] = ['', undefined], ...others] = isFields(one) ? Object.entries(one) : [];
  const id = isFields(body) ? body['_id'] : undefined;
  const ownKey =
    key === undefined || key === '' || dryRun ? undefined : textDigest(canonicalJson([key, position]));
  return {
    name: others.length === 0 ? name : '',
    dryRun,
    event: {
      ...event,
      headers: { ...headers, ...(ownKey !== undefined && { 'idempotency-key': ownKey }) },
      pathParameters: typeof id === 'string' ? { id } : {},
      body: JSON.stringify(body ?? null),
      isBase64Encoded: false,
    },
  };
};

type Done = Readonly<{
  result: Readonly<{ status: number; customer?: unknown; error?: unknown }>;
  /** Now, or when the same bulk was sent before. */
  isChanged: boolean;
  /** Whether the same operation may be answered otherwise when it is sent again. */
  isOpen: boolean;
}>;

/** Carries one out; whatever it is refused for, or fails with, becomes its result. */
const perform = async (
  { name, event, dryRun }: Part,
  { contract, operations }: { contract: Bulk; operations: Operations },
  invocation: Invocation,
): Promise<Done> => {
  const known = Object.hasOwn(operations, name) ? operations[name] : undefined;
  try {
    if (known === undefined) throw unknownOperation(Object.keys(operations));
    const { answer, effect } = await (dryRun ? known.rehearsed : known.inEarnest)(event, invocation);
    const customer = saidIn(answer);
    const isReplayed = answer.headers['idempotent-replayed'] !== undefined;
    return {
      result: { status: answer.statusCode, customer },
      isChanged: effect !== 'none' || isReplayed,
      isOpen: false,
    };
  } catch (failure) {
    return inVain(failure, known?.contract ?? contract, invocation);
  }
};

/** What became of one that was refused, or failed. */
const inVain = (failure: unknown, contract: Accountable, { awsRequestId }: Invocation): Done => {
  const { statusCode: status, headers, body } = toProblemAnswer(failure, contract, awsRequestId);
  const error: unknown = JSON.parse(body);
  return { result: { status, error }, isChanged: false, isOpen: status >= 500 || 'retry-after' in headers };
};

const unknownOperation = (names: readonly string[]): Refusal => {
  const message = `An operation is an object with one of ${names.join(', ')}.`;
  const violations = [{ in: 'body', pointer: '#', error: 'unknown-operation', message }] as const;
  return new Refusal('invalid-request', message, { violations });
};

/** The whole answer is remembered when it is final: what had no time, or no turn, is done when the bulk comes again. */
const outcomeOf = (contract: Bulk, done: readonly Done[]): Outcome => ({
  answer: toHttpAnswer(contract, ok({ results: done.map(({ result }) => result) })),
  effect: 'in-parts',
  isWorthRemembering: done.some(({ isChanged }) => isChanged) && !done.some(({ isOpen }) => isOpen),
});
