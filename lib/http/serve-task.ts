import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import type * as z from 'zod';
import type { Operation, Schedule, SystemUseCase } from '#lib/contract/route.ts';
import { deadlineFrom } from '#lib/runtime/deadline.ts';
import { logDefect, logEvent, setLogContext } from '#lib/runtime/logger.ts';

/**
 * The Lambda handler of what a schedule, a deployment or an operator starts. There is no caller to scope by, so
 * it gets a system scope that names its purpose. Its errors fail the invocation, so that alarms and dead letters see them.
 */
export const serveTask = <C extends Schedule | Operation>(contract: C, useCase: SystemUseCase<C>) =>
  middy(async (event: unknown, context: Context): Promise<z.input<C['output']>> => {
    const startedAt = Date.now();
    setLogContext({ requestId: context.awsRequestId, useCase: contract.name });
    try {
      const input = inputOf(contract, event);
      const answer = await useCase(input, {
        kind: 'system',
        purpose: contract.name,
        requestId: context.awsRequestId,
        deadline: deadlineFrom(context.getRemainingTimeInMillis()),
      });
      logEvent('task-finished', { task: contract.name, durationMs: Date.now() - startedAt });
      return answer;
    } catch (error) {
      logDefect(error);
      // What fails the invocation is shown by the platform: it must not carry a driver's message.
      throw new Error(`${contract.name} failed; its log line 'defect' of this request says where.`);
    }
  });

const inputOf = <C extends Schedule | Operation>(contract: C, event: unknown): z.output<C['input']> =>
  contract.input.parse(event ?? {});
