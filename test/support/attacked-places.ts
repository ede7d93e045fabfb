import { fc } from '#test/support/fast-check.ts';
import { type Operation, resolved, type Schema } from './described.ts';
import { allowedBy } from './generated-value.ts';
import type { Payload } from './hostile-payloads.ts';
import type { Call } from './service.ts';

/** A place in a request that holds a value: a field of its body at any depth, a parameter or a header. */
export type Place = Readonly<{
  in: 'body' | 'path' | 'query' | 'header';
  /** For example `note` or `stateHistory/0/setAt`. */
  name: string;
  schema: Schema;
  /** The part of a body that has a value in this place; `good` is a valid body of the route. */
  around: (value: unknown, good: any) => object;
}>;

const fieldsIn = (body: Schema): Place[] =>
  Object.entries<Schema>(body['properties']).flatMap(([name, given]) => {
    const schema = resolved(given);
    const field: Place = { in: 'body', name, schema, around: (value) => ({ [name]: value }) };
    return [field, ...(schema['type'] === 'array' ? entriesOf(name, resolved(schema['items'])) : [])];
  });

/** Everything in each kind of operation of a bulk. It is tried as a dry run, so that nothing is kept. */
const operationsOf = (name: string, { anyOf = [] }: Schema): Place[] =>
  anyOf.flatMap((alternative: Schema) =>
    Object.entries<Schema>(alternative['properties'] ?? {}).flatMap(([kind, given]) =>
      Object.entries<Schema>(resolved(given)['properties']).map(([field, schema]): Place => ({
        in: 'body',
        name: `${name}/0/${kind}/${field}`,
        schema: resolved(schema),
        around: (value, good) => {
          const others =
            kind === 'create'
              ? { firstName: 'Anna Canary', customerType: 'new' }
              : { _id: good[name][0].change._id };
          return { dryRun: true, [name]: [{ [kind]: { ...others, [field]: value } }] };
        },
      })),
    ),
  );

/** The first entry of a list, and everything in it. */
const entriesOf = (name: string, schema: Schema): Place[] => {
  const entry: Place = { in: 'body', name: `${name}/0`, schema, around: (value) => ({ [name]: [value] }) };
  const [sample] = fc.sample(allowedBy(schema), { numRuns: 1, seed: 1 });
  const inner = Object.entries<Schema>(schema['properties'] ?? {}).map(([field, fieldSchema]): Place => ({
    in: 'body',
    name: `${name}/0/${field}`,
    schema: resolved(fieldSchema),
    around: (value) => ({ [name]: [{ ...Object(sample), [field]: value }] }),
  }));
  return [entry, ...inner, ...operationsOf(name, schema)];
};

const CONTENT_TYPE: Place = { in: 'header', name: 'content-type', schema: {}, around: () => ({}) };

/** Every place in a route's requests, from its OpenAPI description. */
export const placesOf = ({ parameters, body }: Operation): Place[] => [
  ...parameters.map((parameter) => ({ ...parameter, around: () => ({}) })),
  ...(body === undefined ? [] : [CONTENT_TYPE, ...fieldsIn(body)]),
];

const MARK = 'here the payload goes';

/** A valid request of a route, except for the payload in one place. */
export const attackOn = (place: Place, { payload, good }: { payload: Payload; good: Call }): Call => {
  switch (place.in) {
    case 'path':
      return place.name === 'id'
        ? { ...good, id: payload.text }
        : { ...good, path: { ...good.path, [place.name]: payload.text } };
    case 'query':
      return { ...good, query: { ...good.query, [place.name]: payload.text } };
    case 'header':
      return { ...good, headers: { ...good.headers, [place.name]: payload.text } };
    case 'body': {
      const body = JSON.stringify({ ...Object(good.body), ...place.around(MARK, good.body) });
      return { ...good, body: body.replace(`"${MARK}"`, () => payload.json) };
    }
  }
};
