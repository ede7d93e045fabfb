type Segment = Readonly<{ kind: 'word' | 'variable' | 'greedy'; name: string }>;

/** A route key such as `GET /customer/{id}`, taken apart. */
export type RoutePattern = Readonly<{
  key: string;
  /** `ANY` and the `$default` route take every method. */
  method: string;
  segments: readonly Segment[];
}>;

export type RouteMatch<R extends RoutePattern> = Readonly<{
  route: R;
  parameters: Readonly<Record<string, string>>;
}>;

const parseSegment = (text: string): Segment => {
  const [, name, plus] = /^\{([^}+]+)(\+?)\}$/.exec(text) ?? [];
  if (name === undefined) return { kind: 'word', name: text };
  return { kind: plus === '+' ? 'greedy' : 'variable', name };
};

/** Takes a route key apart; `$default` becomes a greedy route for any method. */
export const parseRouteKey = (key: string): RoutePattern => {
  const [method = '', path] = key.split(' ');
  if (path === undefined) return { key, method: 'ANY', segments: [] };
  return { key, method, segments: path.slice(1).split('/').map(parseSegment) };
};

const parametersOf = (
  { key, segments }: RoutePattern,
  parts: readonly string[],
): Readonly<Record<string, string>> | undefined => {
  if (key === '$default') return {};
  const greedy = segments.at(-1)?.kind === 'greedy';
  if (greedy ? parts.length < segments.length : parts.length !== segments.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [index, { kind, name }] of segments.entries()) {
    const part = kind === 'greedy' ? parts.slice(index).join('/') : (parts[index] ?? '');
    if (kind === 'word' ? part !== name : part === '') return undefined;
    if (kind !== 'word') parameters[name] = part;
  }
  return parameters;
};

/** Where a word beats a variable, a variable a greedy one, anything `$default`, and a method beats ANY. */
const precedence = ({ key, method, segments }: RoutePattern): string => {
  const rank = { word: 'a', variable: 'b', greedy: 'c' };
  const path = key === '$default' ? 'd' : segments.map(({ kind }) => rank[kind]).join('');
  return `${path} ${method === 'ANY' ? 'b' : 'a'}`;
};

/**
 * Finds the route that an HTTP API would take.
 * @param path decoded, without the query; a trailing slash counts
 */
export const matchRoute = <R extends RoutePattern>(
  routes: readonly R[],
  { method, path }: Readonly<{ method: string; path: string }>,
): RouteMatch<R> | undefined => {
  const parts = path.slice(1).split('/');
  return routes
    .filter((route) => route.method === method || route.method === 'ANY')
    .map((route) => ({ route, parameters: parametersOf(route, parts) }))
    .filter((match): match is RouteMatch<R> => match.parameters !== undefined)
    .sort((one, other) => (precedence(one.route) < precedence(other.route) ? -1 : 1))[0];
};
