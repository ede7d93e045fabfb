import type * as z from 'zod';
import { ok, type UseCase } from '#lib/contract/route.ts';
import type { Role } from '#lib/domain/access/scope.ts';
import { Refusal, Unavailable } from '#lib/domain/errors.ts';
import { canonicalJson, textDigest } from '#lib/privacy/payload-hash.ts';
import { logDefect } from '#lib/runtime/logger.ts';
import { count } from '#lib/runtime/metrics.ts';
import { rehearse } from '#lib/store/database/unit-of-work.ts';
import type { Accountable } from './account-for.ts';
import { toHttpAnswer } from './answer/answer.ts';
import type { HttpEvent, Invocation } from './request/http-event.ts';
import { pipeline } from './pipeline.ts';
import { toProblemAnswer } from './answer/problem-answer.ts';
import { answering, type Outcome, type RequireKnown, type Steps, stepsOf, type Weight } from './serve.ts';

type Bulk = Accountable & Readonly<{ body: z.ZodType<{ operations: readonly unknown[]; dryRun: boolean }> }>;

/** With less time than this left, no further operation starts, so that the answer can still be sent. */
const LEAST_MS = 400;
const TOO_LATE = 'There was no time left for this operation. Send the whole bulk again.';

type Answering = ReturnType<typeof answering>;

/** One kind of operation: how to carry it out, and how to rehearse it for a dry run. */
type Operation = Readonly<{ inEarnest: Answering; rehearsed: Answering }>;

/** A kind of operation that a bulk may contain, with the same steps as its route, and `requireKnown` as in `serve`. */
export const operation = <C extends Accountable>(
  contract: C,
  useCase: UseCase<C>,
  requireKnown?: RequireKnown,
): Operation => {
  const options = { weight: 'with-its-bulk', requireKnown } as const;
  const steps = stepsOf(contract, useCase);
  const rehearsal: Steps<C> = async (request, scope, admitted) => {
    const { answer } = await steps(request, scope, admitted);
    await rehearse(scope);
    return { answer, effect: 'none', isRecorded: false };
  };
  return {
    inEarnest: answering(contract, steps, options),
    rehearsed: answering(contract, rehearsal, options),
  };
};

type Operations = Readonly<Record<string, Operation>>;

/**
 * The Lambda handler of a route that takes several operations at once. The rate limit counts each of them as a request and
 * admits all of them or none. They run one after the other. Each is handled
 * like a single request and written in its own transaction, and a refusal is in its own result. With an
 * Idempotency-Key, each operation has a key of its own, so sending an interrupted bulk again does nothing twice.
 */
export const serveBulk = (contract: Bulk, operations: Operations) =>
  pipeline(contract, async (event, invocation) => {
    const steps: Steps<Bulk> = async (
      { body: { operations: asked, dryRun } },
      { deadline, role },
      admitted,
    ) => {
      await admitted();
      // Operations end at the deadline of the bulk. After it there is still time to answer.
      const part = { ...invocation, getRemainingTimeInMillis: () => deadline - Date.now() };
      const done: Done[] = [];
      for (const [position, one] of asked.entries()) {
        if (part.getRemainingTimeInMillis() < LEAST_MS) break;
        done.push(await perform({ event, position, one, dryRun }, operations, part));
      }
      const left = asked.length - done.length;
      if (left > 0) done.push(...Array<Done>(left).fill(failed(new Unavailable(TOO_LATE), part)));
      return outcomeOf(contract, done, role);
    };
    return (await answering(contract, steps, { weight: operationsIn })(event, invocation)).answer;
  });

/** One operation of the bulk in this event. */
type Part = Readonly<{ event: HttpEvent; position: number; one: unknown; dryRun: boolean }>;

const operationsIn: Weight<Bulk> = ({ body }) => body.operations.length;

const isFields = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * JSON that parses to a number beyond the largest one gives Infinity, which would be written as null and clear a field.
 * Where a number is wrong, so is this.
 */
const INFINITE = true;
const keepWrong = (_name: string, value: unknown): unknown =>
  typeof value === 'number' && !Number.isFinite(value) ? INFINITE : value;

/** The operation as the event of a single request, and its name; an empty name where it has none or several. */
const requestOf = ({ event: whole, position, one, dryRun }: Part): { name: string; event: HttpEvent } => {
  const {
    headers: { 'idempotency-key': key, ...headers },
    ...event
  } = whole;
  const [[name, body] = ['', undefined], ...others] = isFields(one) ? Object.entries(one) : [];
  const id = isFields(body) ? body['_id'] : undefined;
  const ownKey =
    key === undefined || key === '' || dryRun ? undefined : textDigest(canonicalJson([key, position]));
  return {
    name: others.length === 0 ? name : '',
    event: {
      ...event,
      headers: { ...headers, ...(ownKey !== undefined && { 'idempotency-key': ownKey }) },
      pathParameters: typeof id === 'string' ? { id } : {},
      body: JSON.stringify(body ?? null, keepWrong),
      isBase64Encoded: false,
    },
  };
};

type Done = Readonly<{
  /** Before the role's view, which the answer of the bulk gets as a whole. */
  result: Readonly<{ status: number; customer?: unknown; error?: unknown }>;
  /** Whether it changed something, now or when the same bulk was sent before. */
  isChanged: boolean;
  /** Whether the same operation may have another result when it is sent again. */
  isOpen: boolean;
}>;

/** Carries out one operation. Whatever is thrown becomes its result, because those before it are written already. */
const perform = async (part: Part, operations: Operations, invocation: Invocation): Promise<Done> => {
  try {
    const { name, event } = requestOf(part);
    const known = Object.hasOwn(operations, name) ? operations[name] : undefined;
    if (known === undefined) throw unknownOperation(Object.keys(operations));
    const { answer, effect } = await (part.dryRun ? known.rehearsed : known.inEarnest)(event, invocation);
    const customer = answer.unmasked;
    const isReplayed = answer.headers['idempotent-replayed'] !== undefined;
    return {
      result: { status: answer.statusCode, customer },
      isChanged: effect !== 'none' || isReplayed,
      isOpen: false,
    };
  } catch (failure) {
    return failed(failure, invocation);
  }
};

/** The result of an operation that was refused or failed. */
const failed = (failure: unknown, { requestId }: Invocation): Done => {
  const { statusCode: status, headers, body } = toProblemAnswer(failure, requestId);
  const error: unknown = JSON.parse(body);
  return { result: { status, error }, isChanged: false, isOpen: status >= 500 || 'retry-after' in headers };
};

const unknownOperation = (names: readonly string[]): Refusal => {
  const message = `An operation must be an object with exactly one of ${names.join(', ')}.`;
  const violations = [{ in: 'body', pointer: '#', error: 'unknown-operation', message }] as const;
  return new Refusal('invalid-request', message, { violations });
};

/** The whole answer is recorded only if it is final: open operations must run when the bulk is sent again. */
const outcomeOf = (contract: Bulk, done: readonly Done[], role: Role): Outcome => {
  const results = done.map(({ result }) => result);
  const isFinal = done.some(({ isChanged }) => isChanged) && !done.some(({ isOpen }) => isOpen);
  try {
    return { answer: toHttpAnswer(contract, ok({ results }), role), effect: 'in-parts', isRecorded: isFinal };
  } catch (error) {
    // What the operations wrote stays written, so their results are sent, without the customers that cannot be.
    logDefect(error);
    count('DefectMet');
    const bare = results.map(({ status, error: refusal }) => ({ status, error: refusal }));
    return {
      answer: toHttpAnswer(contract, ok({ results: bare }), role),
      effect: 'in-parts',
      isRecorded: false,
    };
  }
};
