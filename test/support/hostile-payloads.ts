/** A hostile value in a place where a plain value is expected. */
export type Payload = Readonly<{
  family: string;
  /** The value as JSON in a body. */
  json: string;
  /** The value where only texts are possible: in a path, a query or a header. */
  text: string;
  /** Whether it is a text in a body too, and so may be accepted as one. */
  isText: boolean;
}>;

// prettier-ignore
const OPERATORS = [
  '$eq', '$ne', '$gt', '$gte', '$lt', '$lte', '$in', '$nin', '$exists', '$type', '$regex', '$options', '$where',
  '$expr', '$jsonSchema', '$mod', '$text', '$not', '$nor', '$or', '$and', '$all', '$elemMatch', '$size', '$set',
  '$unset', '$inc', '$push', '$rename', '$function', '$accumulator', '$lookup', '$merge', '$out', '$comment',
];
const OPERANDS = ['null', '""', '1', 'true', '[]', '{}', '"a"', '["a"]'];

const operators: readonly string[] = OPERATORS.flatMap((operator) => [
  ...OPERANDS.map((operand) => `{"${operator}":${operand}}`),
  `[{"${operator}":"a"}]`,
  `[[{"${operator}":"a"}]]`,
  `{"a":{"b":{"${operator}":"a"}}}`,
]);

// prettier-ignore
const prototypes = [
  '{"__proto__":{"polluted":true}}', '{"__proto__":null}', '{"a":{"__proto__":{"polluted":true}}}',
  '[{"__proto__":{"polluted":true}}]', '{"constructor":{"prototype":{"polluted":true}}}',
  '{"constructor":"a"}', '{"prototype":{"polluted":true}}', '["__proto__"]', '{"toString":"a","valueOf":"b"}',
  '{"toJSON":"a"}', '{"toBSON":"a"}', '{"then":"a"}', '{"length":1e9}', '{"hasOwnProperty":1}',
];

// prettier-ignore
const disguises = [
  '{"$oid":"5f1d7f3a9c3b4e2d8a6c1b0a"}', '{"$date":"2026-01-01T00:00:00.000Z"}',
  '{"$binary":{"base64":"YQ==","subType":"00"}}', '{"$ref":"customer","$id":"a"}',
  '{"_bsontype":"ObjectId","id":"aaaaaaaaaaaa"}', '{"_bsontype":"Code","code":"1"}',
  '{"buffer":"a","length":1}', '{"a.b":1}', '{"note.$ne":1}', '{"$":1}', '{"":""}', '{"0":"a"}',
];

// prettier-ignore
const shapes = [
  '[]', '[[]]', '{}', '[null]', '["a"]', '["a","b"]', '[{}]', 'true', 'false', '0', '-0', '-1', '1.5', '1e308',
  '1e400', '-1e400', '1e-400', '9007199254740993', `1${'0'.repeat(400)}`, '{"a":1,"a":{"$ne":1}}',
  '{"$ne":1,"$ne":2}',
];

/** Levels of nesting. */
const DEEP = 10_000;
const nested = [
  // One level more than a body may have, wherever it stands, and as many as still may.
  ...[20, 12].map((levels) => '['.repeat(levels) + ']'.repeat(levels)),
  `${'['.repeat(DEEP)}${']'.repeat(DEEP)}`,
  `${'{"a":'.repeat(DEEP / 2)}1${'}'.repeat(DEEP / 2)}`,
  `${'[{"$ne":'.repeat(DEEP / 4)}1${'}]'.repeat(DEEP / 4)}`,
];

/** More members than a body may have, and as many as still may. */
const wide = [
  `[${'0,'.repeat(30_000)}0]`,
  `[${'[],'.repeat(15_000)}[]]`,
  `{${Array.from({ length: 5_000 }, (_, at) => `"f${String(at)}":0`).join()}}`,
  `[${'0,'.repeat(3_000)}0]`,
];

// prettier-ignore
const codes = [
  '__proto__', 'constructor', 'prototype', 'a.b', 'a[$ne]', '[$ne]=1', 'this.note', '1;sleep(1000)',
  "';return true;'", "' OR 1=1--", '"', '\\', '../../etc/passwd', '${7*7}', '{{7*7}}', '<script>', '%24ne',
  '%00', '[object Object]', 'NaN', 'null', '.*', '^', '(a+)+$', '*)(uid=*', '=cmd()',
  '\r\nx-business-tenant-id: f',
];

// prettier-ignore
const unicode = [
  // Invisible, or reversing the text that follows.
  '\u200b', 'zw\u200bsp', 'zw\u200dj', '\ufeffbom', 'rtl\u202eabc', '\u2066isolated\u2069', 'soft\u00adhyphen',
  '\u{e0041}',
  // Not valid text on their own.
  '\ud800', 'half\udc00', '\uffff', '\u0000', 'nul\u0000nul', '\u0007', 'line\nbreak', 'line\u2028break', '\t',
  '\u0085',
  // Characters that look like others.
  'e\u0301', `z${'\u0301'.repeat(40)}`, '\u0430\u0440\u0440\u04cf\u0435', 'İ', 'ıI', 'ﬁ', 'ß', '\u212bngstrom', '１２３',
  '٤٨', '\u0430bc@example.com', 'abc@ex\u0430mple.com', 'ABC@EXAMPLE.COM\u200b', '😀', '👨‍👩‍👧', '\u{10ffff}',
];

/** The last one is larger than a body may be. */
const LENGTHS = [51, 255, 501, 5_001, 60_000, 100_000];
const long = LENGTHS.flatMap((length) => ['x'.repeat(length), '😀'.repeat(length / 4)]);

const structure =
  (family: string) =>
  (json: string): Payload => ({ family, json, text: json, isText: false });
const text =
  (family: string) =>
  (value: string): Payload => ({
    family,
    json: JSON.stringify(value),
    text: value,
    isText: true,
  });

export const PAYLOADS: readonly Payload[] = [
  ...operators.map(structure('operators')),
  ...prototypes.map(structure('prototypes')),
  ...disguises.map(structure('disguises')),
  ...shapes.map(structure('shapes')),
  ...nested.map(structure('nesting')),
  ...wide.map(structure('width')),
  ...OPERATORS.map(text('operators as texts')),
  ...OPERATORS.map((operator) => `{"${operator}":""}`).map(text('operators as texts')),
  ...codes.map(text('code')),
  ...unicode.map(text('unicode')),
  ...long.map(text('long')),
];
