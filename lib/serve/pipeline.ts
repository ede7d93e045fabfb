import middy from '@middy/core';
import type { APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import type { Route } from '#lib/contract/route.ts';
import { logEvent, setLogContext } from '#lib/runtime/logger.ts';
import { watchProcess } from '#lib/runtime/process-faults.ts';
import { type HttpAnswer, toResult } from './answer/answer.ts';
import { type HttpEvent, type Invocation, invocationOf } from './request/http-event.ts';
import { toProblemAnswer } from './answer/problem-answer.ts';

type Answer = (event: HttpEvent, invocation: Invocation) => Promise<HttpAnswer>;

/** What is the same for all routes: error answers, the log line and the headers. */
export const pipeline = (contract: Route, answer: Answer) => {
  watchProcess();
  const route = `${contract.method} ${contract.path}`;
  return middy(async (event: HttpEvent, context: Context): Promise<APIGatewayProxyStructuredResultV2> => {
    const startedAt = Date.now();
    const invocation = invocationOf(event, context);
    const { requestId } = invocation;
    setLogContext({ requestId, invocationId: context.awsRequestId, useCase: contract.name });
    let answered: HttpAnswer & { code?: string };
    try {
      answered = await answer(event, invocation);
    } catch (error) {
      answered = toProblemAnswer(error, requestId);
    }
    const { statusCode: status, code } = answered;
    const durationMs = Date.now() - startedAt;
    if (code === undefined) logEvent('request-answered', { route, status, durationMs });
    else logEvent('request-refused', { route, status, code, durationMs });
    return toResult(answered, requestId);
  });
};
