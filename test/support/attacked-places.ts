import fc from 'fast-check';
import { type Operation, resolved, type Schema } from './described.ts';
import { allowedBy } from './generated-value.ts';
import type { Payload } from './hostile-payloads.ts';
import type { Call } from './service.ts';

/** Where a request holds a value: a field of its body, however deep, a parameter or a header. */
export type Place = Readonly<{
  in: 'body' | 'path' | 'query' | 'header';
  /** As `note`, `stateHistory/0/setAt`. */
  name: string;
  schema: Schema;
  /** The part of a body that has a value there. */
  around: (value: unknown) => object;
}>;

const fieldsIn = (body: Schema): Place[] =>
  Object.entries<Schema>(body['properties']).flatMap(([name, given]) => {
    const schema = resolved(given);
    const field: Place = { in: 'body', name, schema, around: (value) => ({ [name]: value }) };
    return [field, ...(schema['type'] === 'array' ? entriesOf(name, resolved(schema['items'])) : [])];
  });

/** The first entry of a list, and what is in it. */
const entriesOf = (name: string, schema: Schema): Place[] => {
  const entry: Place = { in: 'body', name: `${name}/0`, schema, around: (value) => ({ [name]: [value] }) };
  const [sample] = fc.sample(allowedBy(schema), { numRuns: 1, seed: 1 });
  const inner = Object.entries<Schema>(schema['properties'] ?? {}).map(([field, fieldSchema]): Place => ({
    in: 'body',
    name: `${name}/0/${field}`,
    schema: resolved(fieldSchema),
    around: (value) => ({ [name]: [{ ...Object(sample), [field]: value }] }),
  }));
  return [entry, ...inner];
};

const CONTENT_TYPE: Place = { in: 'header', name: 'content-type', schema: {}, around: () => ({}) };

/** Every place of a route's requests, as its description tells. */
export const placesOf = ({ parameters, body }: Operation): Place[] => [
  ...parameters.map((parameter) => ({ ...parameter, around: () => ({}) })),
  ...(body === undefined ? [] : [CONTENT_TYPE, ...fieldsIn(body)]),
];

const MARK = 'here the payload goes';

/** A good request of a route, but for the payload in one place. */
export const attackOn = (place: Place, { payload, good }: { payload: Payload; good: Call }): Call => {
  switch (place.in) {
    case 'path':
      return { ...good, id: payload.text };
    case 'query':
      return { ...good, query: { ...good.query, [place.name]: payload.text } };
    case 'header':
      return { ...good, headers: { ...good.headers, [place.name]: payload.text } };
    case 'body': {
      const body = JSON.stringify({ ...Object(good.body), ...place.around(MARK) });
      return { ...good, body: body.replace(`"${MARK}"`, () => payload.json) };
    }
  }
};
