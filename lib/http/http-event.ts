import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';

/** What the HTTP API hands over (payload 2.0). The authorizer is there exactly on routes that ask for a permission. */
export type HttpEvent = Omit<APIGatewayProxyEventV2, 'requestContext'> &
  Readonly<{
    requestContext: Readonly<{
      authorizer?: Readonly<{ jwt: Readonly<{ claims: Readonly<Record<string, unknown>> }> }>;
    }>;
  }>;

/** The part of Lambda's context that is used. */
export type Invocation = Pick<Context, 'awsRequestId' | 'getRemainingTimeInMillis'>;
