import { fc } from '#test/support/fast-check.ts';
import { CANARY_DIGITS } from './canaries.ts';
import type { Operation, Parameter, Schema } from './described.ts';
import { allowedBy, breaking, breakingAsText } from './generated-value.ts';

type Texts = Readonly<Record<string, string>>;

/** A request before it becomes an event or is sent. */
export type GeneratedRequest = Readonly<{
  /** Whether the document allows it; a random request may be either. */
  kind: 'allowed' | 'broken' | 'wild';
  path: Texts;
  query: Texts;
  header: Texts;
  /** The body as it is sent; absent if the route takes none. */
  body?: string;
}>;
type Requests = fc.Arbitrary<GeneratedRequest>;

/** A business and customers of it, so that requests have something to find. */
export type Known = Readonly<{ businessId: string; ids: readonly string[] }>;
type Meaningful = Readonly<Record<string, fc.Arbitrary<unknown>>>;

const someNumber = fc.integer({ min: 1_000, max: 9_999 });
const allowedId = fc.stringMatching(/^[0-9a-f]{24}$/);

const firstName = fc.constant('Anna Canary');
const email = someNumber.map((number) => `canary-${String(number)}@example.com`);
const phone = someNumber.map((number) => `${CANARY_DIGITS}9999${String(number)}`);

/** A few operations of a bulk, most of which can succeed. */
const someOperations = (anId: fc.Arbitrary<string>) =>
  fc.array(
    fc.oneof(
      fc.record({ create: fc.record({ firstName, email, phone }) }),
      fc.record({ change: fc.record({ _id: anId, firstName, email }) }),
      fc.record({ delete: fc.record({ _id: anId }) }),
    ),
    { minLength: 1, maxLength: 4 },
  );

/** Meaningful values by field name. The first rules of the domain would refuse almost all random values. */
const meaningful = ({ businessId, ids }: Known): Meaningful => ({
  id: fc.constantFrom(...ids),
  _id: fc.oneof(fc.constantFrom(...ids), allowedId),
  loserId: fc.constantFrom(...ids),
  operations: someOperations(fc.constantFrom(...ids)),
  firstName,
  email,
  phone,
  customerType: fc.constantFrom('regular', 'anonymous', 'new'),
  stateHistory: fc.constant([]),
  phrase: fc.constantFrom('canary', CANARY_DIGITS, 'nobody at all'),
  'x-business-tenant-id': fc.constant(businessId),
  'if-match': fc.constantFrom('*', '*', '"0"', 'W/"1"', '"1", "2"'),
  'idempotency-key': fc.oneof(fc.uuid(), fc.constantFrom('one', 'two', 'three')),
});

const headerText = fc.string({ unit: 'grapheme-ascii', minLength: 1 });

/** Allowed values for the parameters in one place, most of them meaningful. */
const parametersIn = (
  { parameters }: Operation,
  place: Parameter['in'],
  meant: Meaningful,
): fc.Arbitrary<Record<string, string>> => {
  const declared = parameters.filter((parameter) => parameter.in === place);
  const valuesOf = ({ name, schema }: Parameter) => {
    const any = name === 'if-match' || name === 'idempotency-key' ? headerText : allowedBy(schema);
    const likely = meant[name] ?? any;
    return fc.oneof({ weight: 9, arbitrary: likely }, { weight: 1, arbitrary: any }).map(String);
  };
  return fc.record(Object.fromEntries(declared.map((parameter) => [parameter.name, valuesOf(parameter)])), {
    requiredKeys: declared.filter(({ required }) => required === true).map(({ name }) => name),
  });
};

const asJson = (values: fc.Arbitrary<unknown>): fc.Arbitrary<string> =>
  values.map((value) => JSON.stringify(value));

/** Allowed bodies. Half of the time all fields are meaningful, otherwise some of them. */
const allowedBodies = (body: Schema, meant: Meaningful): fc.Arbitrary<string> => {
  const likely = Object.fromEntries(Object.entries(meant).filter(([name]) => name in body['properties']));
  const overlay = fc.oneof(fc.record(likely), fc.record(likely, { requiredKeys: [] }));
  return asJson(fc.tuple(allowedBy(body), overlay).map((parts) => Object.assign({}, ...parts)));
};

const allowedRequests = (operation: Operation, meant: Meaningful): Requests => {
  const { body, contentTypes } = operation;
  const request = fc.record({
    kind: fc.constant('allowed' as const),
    path: parametersIn(operation, 'path', meant),
    query: parametersIn(operation, 'query', meant),
    header: parametersIn(operation, 'header', meant),
  });
  if (body === undefined) return request;
  const types = fc.constantFrom(...contentTypes.flatMap((type) => [type, `${type}; charset=utf-8`]));
  return fc.tuple(request, allowedBodies(body, meant), types).map(([given, text, type]) => ({
    ...given,
    body: text,
    header: { ...given.header, 'content-type': type },
  }));
};

const without = (texts: Texts, name: string): Texts => {
  const { [name]: _, ...others } = texts;
  return others;
};

const brokenParameters = ({ parameters }: Operation, allowed: Requests): Requests[] =>
  parameters.flatMap(({ in: place, name, required, schema }) => [
    ...(required === true && place === 'header'
      ? [allowed.map((request) => ({ ...request, header: without(request.header, name) }))]
      : []),
    ...breakingAsText(schema).map((values) =>
      fc
        // An empty query parameter is an absent one.
        .tuple(allowed, place === 'query' ? values.filter((value) => value !== '') : values)
        .map(([request, value]) => ({ ...request, [place]: { ...request[place], [name]: String(value) } })),
    ),
  ]);

const TOO_LARGE = `{"note":"${'x'.repeat(128 * 1024)}"}`;

const brokenBodies = ({ body }: Operation, allowed: Requests): Requests[] => {
  if (body === undefined) return [];
  const wrong = [
    ...breaking(body).map(asJson),
    fc.constantFrom('', '{', '{"note":"a",}', "{'note':1}", 'note=a', '\ufeff{}', 'NaN', '{"note":"\t"}'),
    fc.constant(TOO_LARGE),
  ];
  return [
    ...wrong.map((bodies) =>
      fc.tuple(allowed, bodies).map(([request, text]) => ({ ...request, body: text })),
    ),
    fc
      .tuple(
        allowed,
        fc.constantFrom('', 'text/plain', 'application/x-www-form-urlencoded', 'application/jsonx'),
      )
      .map(([request, type]) => ({ ...request, header: { ...request.header, 'content-type': type } })),
  ];
};

/** Around what the gateway lets pass of a request's line and headers. */
const LONG_TEXT = fc.integer({ min: 1_000, max: 11_000 }).map((length) => 'x'.repeat(length));
const ANY_TEXT = fc.oneof(fc.string(), fc.string({ unit: 'binary', maxLength: 300 }), LONG_TEXT);

/** JSON that is deep, wide or long: as a body may be, and more so. */
const extremes = fc
  .tuple(fc.oneof(fc.integer({ min: 1, max: 25 }), fc.integer({ min: 1, max: 30_000 })), fc.nat(4))
  .map(([size, kind]) => {
    if (kind === 0) return '['.repeat(size) + ']'.repeat(size);
    if (kind === 1) return `${'{"a":'.repeat(size / 5)}0${'}'.repeat(size / 5)}`;
    if (kind === 2) return `[${'0,'.repeat(size)}0]`;
    if (kind === 3) return `{${Array.from({ length: size / 10 }, (_, at) => `"f${String(at)}":0`).join()}}`;
    return `"${'x'.repeat(size * 2)}"`;
  });

/** Bodies with it: by itself, in a field, or in an operation of a bulk that follows a good one. */
const extremeBodies = (names: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.tuple(extremes, names, fc.nat(2)).map(([json, name, place]) => {
    const object = `{${JSON.stringify(name)}:${json}}`;
    const good = '{"create":{"firstName":"Anna Canary","customerType":"new"}}';
    return [json, object, `{"operations":[${good},{"create":${object}},{"change":${object}},${json}]}`][
      place
    ]!;
  });

const HEADERS = ['if-match', 'idempotency-key', 'content-type', 'accept', 'cookie', 'x-forwarded-for'];

/** Requests that are completely or partly random. */
const wildRequests = ({ parameters, body }: Operation, allowed: Requests): Requests => {
  const names = [...parameters.map(({ name }) => name), ...Object.keys(body?.['properties'] ?? {})];
  const anyName = fc.oneof(fc.constantFrom('__proto__', '$where', 'a.b', ...names), fc.string());
  const parts = fc.record(
    {
      path: fc.record(
        Object.fromEntries(parameters.filter((one) => one.in === 'path').map(({ name }) => [name, ANY_TEXT])),
      ),
      query: fc.dictionary(anyName, ANY_TEXT),
      header: fc.dictionary(fc.constantFrom(...HEADERS), ANY_TEXT),
      // Routes that take no body get one too.
      body: fc.oneof(
        ANY_TEXT,
        fc.json(),
        asJson(fc.dictionary(anyName, fc.jsonValue())),
        extremeBodies(fc.oneof(anyName, fc.constantFrom('syncErrors', 'note', 'stateHistory', '_id'))),
        fc.constant(TOO_LARGE),
      ),
    },
    { requiredKeys: [] },
  );
  return fc.tuple(allowed, parts).map(([request, wild]) => ({
    ...request,
    ...wild,
    kind: 'wild',
    header: { ...request.header, ...wild.header },
  }));
};

/** Requests of one route, made from its description: allowed ones, ones with one rule broken, and random ones. */
export const requestsOf = (operation: Operation, known: Known): Requests => {
  const allowed = allowedRequests(operation, meaningful(known));
  const broken = [brokenParameters(operation, allowed), brokenBodies(operation, allowed)]
    .filter((rules) => rules.length > 0)
    .map((rules) => fc.oneof(...rules).map((request) => ({ ...request, kind: 'broken' as const })));
  return fc.oneof({ weight: 2, arbitrary: allowed }, ...broken, {
    weight: 1,
    arbitrary: wildRequests(operation, allowed),
  });
};
