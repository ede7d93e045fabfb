import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';

/**
 * The event from the HTTP API (payload 2.0). It has an authorizer exactly on the routes that require a permission.
 */
export type HttpEvent = Omit<APIGatewayProxyEventV2, 'requestContext'> &
  Readonly<{
    requestContext: Readonly<{
      /** The gateway's id of the request, which its access log and its header `apigw-requestid` have too. */
      requestId?: string;
      authorizer?: Readonly<{ jwt: Readonly<{ claims: Readonly<Record<string, unknown>> }> }>;
    }>;
  }>;

/** What the serving of one request needs to know about its invocation. */
export type Invocation = Readonly<{
  /** The id of the request, in each answer and in each line about it. */
  requestId: string;
  getRemainingTimeInMillis: () => number;
}>;

/** The characters and the length that a header, a log line and a comment to the database can hold. */
const REQUEST_ID = /^[\w+/=.:-]{1,64}$/;

/**
 * The invocation that an event came with. Its id is the gateway's, so that an answer leads to the gateway's line, to ours and to the
 * history. An event that did not come through the gateway has Lambda's own id.
 */
export const invocationOf = (
  event: Partial<Pick<HttpEvent, 'requestContext'>> | null,
  context: Pick<Context, 'awsRequestId' | 'getRemainingTimeInMillis'>,
): Invocation => {
  const id = event?.requestContext?.requestId;
  return {
    requestId: typeof id === 'string' && REQUEST_ID.test(id) ? id : context.awsRequestId,
    getRemainingTimeInMillis: () => context.getRemainingTimeInMillis(),
  };
};
