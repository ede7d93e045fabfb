import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { RouteDefinition } from '../assembly/definitions.ts';
import { matchRoute } from '../assembly/routes.ts';
import { decodePath } from '../http-api/http-path.ts';
import type { HttpAnswer } from '../http-api/http-answer.ts';
import { readHead } from '../http-api/http-request.ts';
import { isObject, parseJson } from '../json.ts';

/** A request that was answered, as the terminal shows it. It holds no query and, of the path, nothing that a person entered. */
export type AnsweredRequest = Readonly<{
  method: string;
  path: string;
  status: number;
  /** What went wrong: the code of the problem, or else the name of the status. */
  problem?: string;
  durationMs: number;
  /** The function that the route leads to; missing for what the gateway answers itself. */
  functionName?: string;
}>;

type Route = Pick<RouteDefinition, 'key' | 'method' | 'segments' | 'target'>;

const FIRST_PROBLEM = 400;
const ID = /^[0-9a-f]{24}$/i;
const CODE = /^[a-z]+(?:-[a-z]+){0,6}$/;
const HIDDEN = '…';

/** The words of all routes: in an unknown path, only these are shown. */
const knownWords = (routes: readonly Route[]): ReadonlySet<string> =>
  new Set([
    '_local',
    'docs',
    ...routes.flatMap(({ segments }) =>
      segments.filter(({ kind }) => kind === 'word').map(({ name }) => name),
    ),
  ]);

const shownUnknown = (path: string, routes: readonly Route[]): string => {
  const known = knownWords(routes);
  const shown = path
    .split('/')
    .map((part) => (part === '' || known.has(part) || ID.test(part) ? part : HIDDEN));
  return shown.join('/');
};

/** A route's own words, with ids filled in: whatever else was sent in their place may be a name or an email. */
const shownMatch = ({ segments }: Route, path: string): string => {
  const parts = path.slice(1).split('/');
  const shown = segments.map(({ kind, name }, index) => {
    const part = parts[index] ?? '';
    return kind === 'word' || ID.test(part) ? part : `{${name}}`;
  });
  return `/${shown.join('/')}`;
};

/** The paths of this gateway itself, as far as they hold nothing but names. */
const LOCAL = /^\/(?:(?:_local|docs)(?:\/[\w./-]*)?)?$/;
const ASSET = /^\/docs\//;

/** The `code` of a problem; undefined when the body is none. */
const codeOf = ({ headers, body }: HttpAnswer): string | undefined => {
  const type = headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? '';
  if (!type.startsWith('application/problem+json')) return undefined;
  try {
    const problem = parseJson(body.toString());
    const code = isObject(problem) ? problem.code : undefined;
    return typeof code === 'string' && CODE.test(code) ? code : undefined;
  } catch {
    return undefined;
  }
};

const shown = (routes: readonly Route[], method: string, sent: string, status: number) => {
  if (LOCAL.test(sent) && status < FIRST_PROBLEM) return { path: sent };
  const path = decodePath(sent);
  if (path === undefined) return { path: HIDDEN };
  const route = matchRoute(routes, { method, path })?.route;
  return route === undefined
    ? { path: shownUnknown(path, routes) }
    : { path: shownMatch(route, path), functionName: route.target.name };
};

/** Describes a request and its answer for the terminal. */
const describeRequest = (
  message: IncomingMessage,
  answer: HttpAnswer,
  { routes, durationMs }: Readonly<{ routes: readonly Route[]; durationMs: number }>,
): AnsweredRequest => {
  const { method, path } = readHead(message);
  const { status } = answer;
  const problem = status < FIRST_PROBLEM ? undefined : (codeOf(answer) ?? STATUS_CODES[status]);
  return {
    method,
    status,
    durationMs,
    ...shown(routes, method, path, status),
    ...(problem !== undefined && { problem }),
  };
};

type Handler = (message: IncomingMessage) => Promise<HttpAnswer>;

/** A handler that reports each answer. The files of the docs page are left out: they come with the page. */
export const reporting =
  (handle: Handler, routes: readonly Route[], report: (request: AnsweredRequest) => void): Handler =>
  async (message) => {
    const startedAt = performance.now();
    const answer = await handle(message);
    if (ASSET.test(message.url ?? '')) return answer;
    report(describeRequest(message, answer, { routes, durationMs: performance.now() - startedAt }));
    return answer;
  };
