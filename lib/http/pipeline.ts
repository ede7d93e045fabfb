import middy from '@middy/core';
import type { APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import type { Route } from '#lib/contract/route.ts';
import { logEvent, setLogContext } from '#lib/runtime/logger.ts';
import { watchProcess } from '#lib/runtime/process-faults.ts';
import { type HttpAnswer, toResult } from './answer.ts';
import type { HttpEvent, Invocation } from './http-event.ts';
import { toProblemAnswer } from './problem-answer.ts';

type Answer = (event: HttpEvent, invocation: Invocation) => Promise<HttpAnswer>;

/** Everything around a route's steps that is the same for all: the errors, the log line, the headers. */
export const pipeline = (contract: Route, answer: Answer) => {
  watchProcess();
  const route = `${contract.method} ${contract.path}`;
  return middy(async (event: HttpEvent, context: Context): Promise<APIGatewayProxyStructuredResultV2> => {
    const startedAt = Date.now();
    setLogContext({ requestId: context.awsRequestId, useCase: contract.name });
    const answered: HttpAnswer & { code?: string } = await answer(event, context).catch((error: unknown) =>
      toProblemAnswer(error, contract, context.awsRequestId),
    );
    const { statusCode: status, code } = answered;
    const durationMs = Date.now() - startedAt;
    if (code === undefined) logEvent('request-answered', { route, status, durationMs });
    else logEvent('request-refused', { route, status, code, durationMs });
    return toResult(answered);
  });
};
