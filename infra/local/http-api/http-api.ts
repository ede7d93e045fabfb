import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Assembly, AuthorizerDefinition, RouteDefinition } from '../assembly/definitions.ts';
import type { Authorize, Claims } from './authorizer.ts';
import { preflightAnswer, withCors } from './cors.ts';
import { type HttpAnswer, gatewayAnswer, withHeaders } from './http-answer.ts';
import { toEvent } from './http-event.ts';
import { decodePath } from './http-path.ts';
import { type HttpRequest, readBody, readHead } from './http-request.ts';
import { fromResult } from './http-response.ts';
import { type Lambda, LARGEST_PAYLOAD_BYTES } from '../lambda/lambda.ts';
import { matchRoute, type RouteMatch } from '../assembly/routes.ts';

const LARGEST_HEADERS_BYTES = 10_240;
const LARGEST_BODY_BYTES = 10 * 1024 * 1024;

type Head = Omit<HttpRequest, 'body'>;
type Admitted = Readonly<{ path: string; match: RouteMatch<RouteDefinition>; claims?: Claims }>;

export type HttpApiOptions = Readonly<{
  assembly: Assembly;
  lambda: Lambda;
  authorizers: ReadonlyMap<AuthorizerDefinition, Authorize>;
}>;

/** Answers one HTTP request as API Gateway's HTTP API does. */
export type HttpApi = (message: IncomingMessage) => Promise<HttpAnswer>;

const isAnswer = (value: object): value is HttpAnswer => 'status' in value;

/** Makes the HTTP API of a stack: limits, CORS, route, authorizer, function, response, in that order. */
export const createHttpApi = ({ assembly, lambda, authorizers }: HttpApiOptions): HttpApi => {
  const admit = (head: Head): Admitted | HttpAnswer => {
    if (head.headerBytes > LARGEST_HEADERS_BYTES)
      return gatewayAnswer(431, 'Request Header Fields Too Large');
    const path = decodePath(head.path);
    if (path === undefined) return gatewayAnswer(400, 'Bad Request');
    const match = matchRoute(assembly.routes, { method: head.method, path });
    if (match === undefined) return gatewayAnswer(404, 'Not Found');
    const { authorizer, scopes } = match.route;
    if (authorizer === undefined) return { path, match };
    const authorization = authorizers.get(authorizer)?.(head, scopes);
    if (authorization === undefined) return gatewayAnswer(500, 'Internal Server Error');
    return 'refusal' in authorization ? authorization.refusal : { path, match, claims: authorization.claims };
  };

  const call = async ({ target, timeoutMs }: RouteDefinition, event: object): Promise<HttpAnswer> => {
    const payload = JSON.stringify(event);
    if (Buffer.byteLength(payload) > LARGEST_PAYLOAD_BYTES)
      return gatewayAnswer(413, 'Request Entity Too Large');
    const deadline = new AbortController();
    const timer = setTimeout(() => {
      deadline.abort();
    }, timeoutMs);
    const answered = lambda.invoke(target, payload, deadline.signal).then((outcome) => {
      const answer = outcome.kind === 'answered' ? fromResult(outcome.payload) : undefined;
      return answer ?? gatewayAnswer(500, 'Internal Server Error');
    });
    const late = once(deadline.signal, 'abort').then(() => gatewayAnswer(503, 'Service Unavailable'));
    return Promise.race([answered, late]).finally(() => {
      clearTimeout(timer);
    });
  };

  const handle = async (head: Head, message: IncomingMessage, requestId: string): Promise<HttpAnswer> => {
    const admitted = admit(head);
    if (isAnswer(admitted)) return admitted;
    const body = await readBody(message, LARGEST_BODY_BYTES);
    if (body === undefined) return gatewayAnswer(413, 'Request Entity Too Large');
    const { path, match, claims } = admitted;
    const event = toEvent({
      request: { ...head, body },
      requestId,
      apiId: assembly.apiId,
      routeKey: match.route.key,
      path,
      parameters: match.parameters,
      ...(claims === undefined ? {} : { claims }),
      at: new Date(),
    });
    return call(match.route, event);
  };

  const answerWithCors = async (head: Head, answer: () => Promise<HttpAnswer>): Promise<HttpAnswer> => {
    const { cors } = assembly;
    if (cors === undefined) return answer();
    return preflightAnswer(cors, head) ?? withCors(cors, head, await answer());
  };

  return async (message) => {
    const head = readHead(message);
    const requestId = `${randomBytes(11).toString('base64url')}=`;
    const answer = await answerWithCors(head, () => handle(head, message, requestId));
    return withHeaders(answer, [['apigw-requestid', requestId]]);
  };
};
