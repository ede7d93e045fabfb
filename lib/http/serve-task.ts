import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import type * as z from 'zod';
import { SystemScope } from '#lib/domain/actor.ts';
import { deadlineFrom } from '#lib/runtime/deadline.ts';
import { logDefect, logEvent, setLogContext } from '#lib/runtime/logger.ts';
import { watchProcess } from '#lib/runtime/process-faults.ts';

type Task<I> = Readonly<{ kind: 'schedule' | 'operation'; name: string; input: z.ZodType<I> }>;

/**
 * The Lambda handler of what a schedule, a deployment or an operator starts. There is no caller to scope by, so it
 * gets a system scope that names its purpose. Its errors fail the invocation: alarms and dead letters must see them.
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
      // The platform shows what fails an invocation: it must not carry a driver's message.
      throw new Error(`${contract.name} failed; the log line 'defect' of this request says where.`);
    }
  });
};
