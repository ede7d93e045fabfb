import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import middy from '@middy/core';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { isPermitted } from '#lib/contract/permissions.ts';
import type { Queue, QueueUseCase } from '#lib/contract/queue.ts';
import { eventActor } from '#lib/domain/access/actor.ts';
import { BusinessScope } from '#lib/domain/access/scope.ts';
import { Refusal, Unavailable } from '#lib/domain/errors.ts';
import { deadlineFrom } from '#lib/runtime/deadline.ts';
import { logDefect, logEvent, setLogContext } from '#lib/runtime/logger.ts';
import { watchProcess } from '#lib/runtime/process-faults.ts';
import { requireCurrentSettings } from '#lib/store/business/stored-settings.ts';
import { Conflict } from '#lib/store/database/conflict.ts';
import { commit, effectOf } from '#lib/store/database/unit-of-work.ts';
import { needsSecrets, withSecretsReady } from '#lib/store/keys/secrets-ready.ts';
import { accountForEvent, type Handled } from './events/account-for-event.ts';
import { logFailure, NoTimeLeft } from './events/log-failure.ts';
import { type ReadEvent, readEvent } from './events/read-event.ts';
import type { EventIds } from './events/unusable-event.ts';
import { beforeDeadline } from './limits/before-deadline.ts';
import { untilSettled } from './limits/until-settled.ts';
import { recordExtensions } from './record-extensions.ts';

/** With less time than this left, no further message is begun: the queue gives it to another invocation. */
const LEAST_MS = 5_000;
/** A message may take this share of the time that is left, so that one that always fails leaves time for those behind it. */
const SHARE = 1 / 2;

const processor = new BatchProcessor(EventType.SQS);

type Served<C extends Queue> = Readonly<{ contract: C; useCase: QueueUseCase<C> }>;
type Received = Readonly<{ message: SQSRecord; context: Context }>;

/**
 * The Lambda handler of a use case that receives events of other services. The messages of a batch are handled one after the other,
 * each in its own transaction. One that fails is given back and stops none: it comes again, and in the end goes to the dead-letter
 * queue.
 */
export const serveQueue = <C extends Queue>(contract: C, useCase: QueueUseCase<C>) => {
  watchProcess();
  return middy(async (batch: SQSEvent, context: Context): Promise<SQSBatchResponse> => {
    setLogContext({ requestId: context.awsRequestId, useCase: contract.name });
    const handle = (message: SQSRecord) => handleMessage({ contract, useCase }, { message, context });
    try {
      return await processPartialResponse(batch, handle, processor, {
        // The connection to the database is one, and its pool has two.
        processInParallel: false,
        throwOnFullBatchFailure: false,
      });
    } catch (error) {
      logDefect(error);
      // The platform shows the message of a failed invocation, so it must not quote an event.
      throw new Error(`${contract.name} failed; the log line 'defect' of this request says where.`);
    }
  });
};

const handleMessage = async <C extends Queue>(served: Served<C>, received: Received): Promise<void> => {
  const { message, context } = received;
  const startedAt = Date.now();
  setLogContext({
    requestId: message.messageId,
    invocationId: context.awsRequestId,
    useCase: served.contract.name,
  });
  let ids: EventIds = {};
  try {
    if (context.getRemainingTimeInMillis() < LEAST_MS) throw new NoTimeLeft();
    const read = readEvent(served.contract, message.body);
    ids = { eventId: read.event.id, businessId: read.businessId };
    const { effect } = await settle(served, read, received);
    const outcome = effect === 'none' ? 'unchanged' : 'changed';
    logEvent('event-handled', {
      eventId: read.event.id,
      businessId: read.businessId,
      outcome,
      durationMs: Date.now() - startedAt,
    });
  } catch (error) {
    const receives = Number(message.attributes.ApproximateReceiveCount);
    logFailure(error, { ids, receives, durationMs: Date.now() - startedAt });
    // Powertools keeps the message of the error.
    throw new Error('The message was not handled.');
  }
};

const NOT_SAVED = 'The event could not be saved in time.';

/** An event may be sent to the database again after any fault that can pass, because repeating it does nothing twice. */
const settle = async <C extends Queue>(
  { contract, useCase }: Served<C>,
  { businessId, event }: ReadEvent<C>,
  { message, context }: Received,
): Promise<Handled> => {
  const deadline = deadlineFrom(context.getRemainingTimeInMillis() * SHARE);
  const asked = { businessId, source: event.source, requestId: message.messageId, deadline };
  const scope = scopeOf(contract, asked);
  const work = (attempted: BusinessScope) => attempt(() => useCase(event, attempted), contract, attempted);
  const ready = (attempted: BusinessScope) =>
    needsSecrets(contract.needs) ? withSecretsReady(attempted, () => work(attempted)) : work(attempted);
  const handled = await beforeDeadline(deadline, () =>
    untilSettled(scope, ready, {
      mayPass: (failure) =>
        failure instanceof Conflict || (failure instanceof Unavailable && !failure.isLasting),
      atLast: (cause) => new Unavailable(NOT_SAVED, { cause }),
    }),
  );
  await accountForEvent(contract, handled, scope);
  return handled;
};

/** One attempt, with its own scope and so with its own staged changes. */
const attempt = async (
  steps: () => ReturnType<QueueUseCase<Queue>>,
  { name }: Queue,
  scope: BusinessScope,
): Promise<Handled> => {
  try {
    const concerned = await steps();
    const effect = effectOf(scope);
    await recordExtensions(await commit(scope), name, scope);
    return { concerned, effect };
  } catch (error) {
    if (error instanceof Refusal) await requireCurrentSettings(scope);
    throw error;
  }
};

type Asked = Pick<BusinessScope, 'businessId' | 'requestId' | 'deadline'> & Readonly<{ source: string }>;

/**
 * The scope of one event: the business that its envelope names. Only this account may put events on the bus, and only the rule may
 * put them into the queue.
 */
const scopeOf = ({ permission, purpose }: Queue, { source, ...asked }: Asked): BusinessScope => {
  const role = 'SERVICE';
  if (!isPermitted(role, permission)) throw new Error(`Events act as ${role}, which lacks ${permission}.`);
  return new BusinessScope({ ...asked, actorId: eventActor(source), role, mayDelete: false, purpose });
};
