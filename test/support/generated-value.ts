import { fc } from '#test/support/fast-check.ts';
import { faultIn, resolved, type Schema } from './described.ts';

type Values = fc.Arbitrary<unknown>;

/** One character with two UTF-16 units: it shows in which unit lengths are counted. */
const ASTRAL = '😀';
const LONGEST = 300;

const allowedText = ({ pattern, maxLength = LONGEST }: Schema): Values =>
  pattern === undefined
    ? fc.oneof(
        { weight: 4, arbitrary: fc.string({ unit: 'binary', maxLength }) },
        fc.constantFrom('', ' ', '\ud800', 'x'.repeat(maxLength), ASTRAL.repeat(maxLength)),
      )
    : fc.stringMatching(new RegExp(pattern)).filter((text) => text.length <= maxLength);

const allowedObject = ({ properties, required = [] }: Schema): fc.Arbitrary<Record<string, unknown>> =>
  fc.record(
    Object.fromEntries(Object.entries<Schema>(properties).map(([name, schema]) => [name, allowedBy(schema)])),
    { requiredKeys: required },
  );

/** Values that a schema of the document allows. */
export const allowedBy = (given: Schema): Values => {
  const schema = resolved(given);
  if (schema['anyOf'] !== undefined) return fc.oneof(...schema['anyOf'].map(allowedBy));
  if (schema['enum'] !== undefined) return fc.constantFrom(...schema['enum']);
  if (schema['const'] !== undefined) return fc.constant(schema['const']);
  if (Array.isArray(schema['type']))
    return fc.oneof(...schema['type'].map((type: string) => allowedBy({ ...schema, type })));
  switch (schema['type']) {
    case 'string':
      return allowedText(schema);
    case 'integer':
      return fc.integer({ min: schema['minimum'], max: schema['maximum'] });
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'array':
      return fc.array(allowedBy(schema['items']), {
        minLength: schema['minItems'] ?? 0,
        maxLength: schema['maxItems'],
        // Longer ones take most of the time of the tests and show nothing more.
        size: 'xsmall',
      });
    case 'object':
      return allowedObject(schema);
    default:
      return fc.jsonValue();
  }
};

/** Values that break one rule each, as far as a text can. Parameters are texts, so they cannot have a wrong type. */
export const breakingAsText = (given: Schema): Values[] => {
  const schema = resolved(given);
  const { type, pattern, maxLength, minimum, maximum } = schema;
  if (schema['enum'] !== undefined) return [fc.string().filter((text) => !schema['enum'].includes(text))];
  if (type === 'integer')
    return [fc.constantFrom<unknown>(minimum - 1, maximum + 1, minimum + 0.5, 'x', '0x10')];
  return [
    ...(pattern === undefined ? [] : [fc.string().filter((text) => !new RegExp(pattern).test(text))]),
    ...(maxLength === undefined
      ? []
      : [fc.constantFrom('x', ASTRAL).map((one) => one.repeat(maxLength + 1))]),
  ];
};

/** Names that no contract has; some of them mean something to JavaScript or MongoDB. */
const unknownNames = fc.oneof(
  fc.constantFrom('__proto__', 'constructor', '$set', 'note.$ne', 'businessId', 'version', ''),
  // A sentence ends with these names, and so with one full stop.
  fc.string().map((name) => `unknown ${name.replaceAll('.', ',')}`),
);

const with1 = (object: object, name: string, value: unknown): unknown =>
  // Not by assignment or spread: `__proto__` must become a field like any other.
  Object.defineProperty({ ...object }, name, { value, enumerable: true });

const breakingObject = (schema: Schema): Values[] => {
  const { properties, required = [] } = schema;
  const allowed = allowedObject(schema);
  return [
    ...(schema['additionalProperties'] === false
      ? [fc.tuple(allowed, unknownNames, fc.jsonValue()).map((parts) => with1(...parts))]
      : []),
    ...required.map((name: string) => allowed.map(({ [name]: _, ...others }) => others)),
    ...Object.entries<Schema>(properties).flatMap(([name, inner]) =>
      breaking(inner).map((values) =>
        fc.tuple(allowed, values).map(([object, value]) => with1(object, name, value)),
      ),
    ),
  ];
};

const breakingArray = ({ items, maxItems }: Schema): Values[] => [
  ...breaking(items).map((values) =>
    fc.tuple(fc.array(allowedBy(items), { maxLength: 3 }), values).map(([some, value]) => [...some, value]),
  ),
  ...(maxItems === undefined
    ? []
    : [
        fc
          .array(allowedBy(items), { minLength: 1, maxLength: 1 })
          .map(([one]) => Array(maxItems + 1).fill(one)),
      ]),
];

const OTHER_TYPES = [0, true, null, 'text', [], {}, ['text'], { $ne: null }] as const;

const rulesOf = (schema: Schema): Values[] => {
  if (schema['anyOf'] !== undefined) return schema['anyOf'].flatMap(breaking);
  if (schema['type'] === 'object') return breakingObject(schema);
  return schema['type'] === 'array' ? breakingArray(schema) : breakingAsText(schema);
};

/** For each rule of a schema of the document: values that break this rule and no other. Nothing if there is no rule. */
export const breaking = (given: Schema): Values[] => {
  const schema = resolved(given);
  if (schema['anyOf'] === undefined && schema['type'] === undefined) return [];
  const isWrong = (value: unknown): boolean => faultIn(schema, value) !== null;
  const wrong = OTHER_TYPES.filter(isWrong);
  // It accepts every value.
  if (wrong.length === 0) return [];
  const rules = rulesOf(schema);
  return [
    // A value that one alternative forbids may be allowed by another.
    ...(schema['anyOf'] === undefined ? rules : rules.map((values) => values.filter(isWrong))),
    fc.constantFrom<unknown>(...wrong),
  ];
};
