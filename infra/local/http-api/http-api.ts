import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Assembly, AuthorizerDefinition, RouteDefinition } from '../assembly/definitions.ts';
import { matchRoute, type RouteMatch } from '../assembly/routes.ts';
import { type Lambda, LARGEST_PAYLOAD_BYTES } from '../lambda/lambda.ts';
import type { Authorize, Claims } from './authorizer.ts';
import { preflightAnswer, withCors } from './cors.ts';
import { type HttpAnswer, gatewayAnswer, withHeaders } from './http-answer.ts';
import { toEvent } from './http-event.ts';
import { decodePath } from './http-path.ts';
import { type HttpRequest, readBody, readHead } from './http-request.ts';
import { fromResult } from './http-response.ts';

const LARGEST_HEADERS_BYTES = 10_240;
const LARGEST_BODY_BYTES = 10 * 1024 * 1024;

type Head = Omit<HttpRequest, 'body'>;
type Call = Readonly<{ head: Head; message: IncomingMessage; requestId: string }>;
type Admitted = Readonly<{ path: string; match: RouteMatch<RouteDefinition>; claims?: Claims }>;

export type HttpApiOptions = Readonly<{
  assembly: Assembly;
  lambda: Lambda;
  authorizers: ReadonlyMap<AuthorizerDefinition, Authorize>;
}>;

const isAnswer = (value: object): value is HttpAnswer => 'status' in value;

/** The HTTP API of a stack. It applies limits, CORS, route, authorizer, function and response, in that order. */
export class HttpApi {
  readonly #assembly: Assembly;
  readonly #lambda: Lambda;
  readonly #authorizers: HttpApiOptions['authorizers'];

  constructor({ assembly, lambda, authorizers }: HttpApiOptions) {
    this.#assembly = assembly;
    this.#lambda = lambda;
    this.#authorizers = authorizers;
  }

  /** Answers a request as API Gateway does. */
  async answer(message: IncomingMessage): Promise<HttpAnswer> {
    const call = { head: readHead(message), message, requestId: `${randomBytes(11).toString('base64url')}=` };
    return withHeaders(await this.#answerWithCors(call), [['apigw-requestid', call.requestId]]);
  }

  async #answerWithCors(call: Call): Promise<HttpAnswer> {
    const { cors } = this.#assembly;
    if (cors === undefined) return this.#handle(call);
    return preflightAnswer(cors, call.head) ?? withCors(cors, call.head, await this.#handle(call));
  }

  async #handle({ head, message, requestId }: Call): Promise<HttpAnswer> {
    const admitted = this.#admit(head);
    if (isAnswer(admitted)) return admitted;
    const body = await readBody(message, LARGEST_BODY_BYTES);
    if (body === undefined) return gatewayAnswer(413, 'Request Entity Too Large');
    const { path, match, claims } = admitted;
    const event = toEvent({
      request: { ...head, body },
      requestId,
      apiId: this.#assembly.apiId,
      routeKey: match.route.key,
      path,
      parameters: match.parameters,
      ...(claims === undefined ? {} : { claims }),
      at: new Date(),
    });
    return this.#invoke(match.route, JSON.stringify(event));
  }

  /** Checks a request before its function is called. Returns what the check found, or the gateway's own answer. */
  #admit(head: Head): Admitted | HttpAnswer {
    if (head.headerBytes > LARGEST_HEADERS_BYTES)
      return gatewayAnswer(431, 'Request Header Fields Too Large');
    const path = decodePath(head.path);
    if (path === undefined) return gatewayAnswer(400, 'Bad Request');
    const match = matchRoute(this.#assembly.routes, { method: head.method, path });
    if (match === undefined) return gatewayAnswer(404, 'Not Found');
    const { authorizer, scopes } = match.route;
    if (authorizer === undefined) return { path, match };
    const authorization = this.#authorizers.get(authorizer)?.(head, scopes);
    if (authorization === undefined) return gatewayAnswer(500, 'Internal Server Error');
    return 'refusal' in authorization ? authorization.refusal : { path, match, claims: authorization.claims };
  }

  async #invoke({ target, timeoutMs }: RouteDefinition, payload: string): Promise<HttpAnswer> {
    if (Buffer.byteLength(payload) > LARGEST_PAYLOAD_BYTES)
      return gatewayAnswer(413, 'Request Entity Too Large');
    const deadline = new AbortController();
    const timer = setTimeout(() => {
      deadline.abort();
    }, timeoutMs);
    const answered = this.#lambda.invoke(target, payload, deadline.signal).then((outcome) => {
      const answer = outcome.kind === 'answered' ? fromResult(outcome.payload) : undefined;
      return answer ?? gatewayAnswer(500, 'Internal Server Error');
    });
    const late = once(deadline.signal, 'abort').then(() => gatewayAnswer(503, 'Service Unavailable'));
    return Promise.race([answered, late]).finally(() => {
      clearTimeout(timer);
    });
  }
}
