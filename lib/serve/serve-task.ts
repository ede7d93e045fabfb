import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import type * as z from 'zod';
import { SystemScope } from '#lib/domain/access/scope.ts';
import { deadlineFrom } from '#lib/runtime/deadline.ts';
import { logDefect, logEvent, setLogContext } from '#lib/runtime/logger.ts';
import { watchProcess } from '#lib/runtime/process-faults.ts';

type Task<I> = Readonly<{ kind: 'schedule' | 'operation'; name: string; input: z.ZodType<I> }>;

/**
 * The Lambda handler of a use case that a schedule, a deployment or an operator starts. It has no caller, so it gets a
 * system scope that names its purpose. An error fails the invocation, so that alarms and dead-letter queues notice it.
 */
export const serveTask = <I, O>(contract: Task<I>, useCase: (input: I, scope: SystemScope) => Promise<O>) => {
  watchProcess();
  return middy(async (event: unknown, context: Context): Promise<O> => {
    const startedAt = Date.now();
    setLogContext({ requestId: context.awsRequestId, useCase: contract.name });
    try {
      const scope = new SystemScope({
        purpose: contract.name,
        requestId: context.awsRequestId,
        deadline: deadlineFrom(context.getRemainingTimeInMillis()),
      });
      const answer = await useCase(contract.input.parse(event ?? {}), scope);
      logEvent('task-finished', { task: contract.name, durationMs: Date.now() - startedAt });
      return answer;
    } catch (error) {
      logDefect(error);
      // The platform shows the message of a failed invocation, so it must not contain a message of the driver.
      throw new Error(`${contract.name} failed; the log line 'defect' of this request says where.`);
    }
  });
};
