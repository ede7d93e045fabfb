import { beforeAll, describe, expect, it } from '@jest/globals';
import { aBusiness, added } from '#test/support/a-business.ts';
import { PROOF_TIMEOUT_MS, report } from '#test/support/promise.ts';
import { type Answer, useService } from '#test/support/service.ts';
import { whatIsStored } from '#test/support/stored.ts';

const service = useService('row-20');
const business = aBusiness();
let customer: any;
beforeAll(async () => {
  customer = await added(business);
  await added(business);
});

// prettier-ignore
const OPERATORS = [
  '$eq', '$ne', '$gt', '$gte', '$lt', '$lte', '$in', '$nin', '$exists', '$type', '$regex', '$options', '$where',
  '$expr', '$jsonSchema', '$mod', '$text', '$not', '$nor', '$or', '$and', '$all', '$elemMatch', '$size', '$set',
  '$unset', '$inc', '$push', '$rename', '$function', '$accumulator', '$lookup', '$merge', '$out', '$comment',
];
const VALUES = [null, '', 1, true, [], {}, 'a', ['a']];
/** What is never a value of a field: an operator object, alone, in a list, or nested. */
// prettier-ignore
const STRUCTURES: readonly unknown[] = [
  ...OPERATORS.flatMap((operator) => VALUES.map((value) => ({ [operator]: value }))),
  ...OPERATORS.map((operator) => [{ [operator]: 'a' }]),
  { constructor: { prototype: { polluted: true } } },
  JSON.parse('{"__proto__":{"polluted":true}}'),
  { toString: 'a', valueOf: 'b' },
  { $oid: '5f1d7f3a9c3b4e2d8a6c1b0a' },
  { $date: '2026-01-01T00:00:00.000Z' },
  { $binary: { base64: 'YQ==', subType: '00' } },
  { _bsontype: 'ObjectId', id: 'aaaaaaaaaaaa' },
  { buffer: 'a', length: 1e9 },
  0, -1, 1.5, 1e308, true, false, [], [[]], {}, [null], ['a', 'b'],
];
/** What is text and nothing else. */
// prettier-ignore
const TEXTS = [
  ...OPERATORS,
  ...OPERATORS.map((operator) => JSON.stringify({ [operator]: '' })),
  '__proto__', 'constructor', 'a.b', 'a[$ne]', 'this.note', '1;sleep(1000)', "';return true;'", "' OR 1=1--", '\u0000',
  '../../etc/passwd', '${7*7}', '{{7*7}}', '<script>', '%24ne', '[object Object]', 'NaN', 'a\u202eb', '\ud800', '.*', '^',
];

const FIELDS = [
  'firstName',
  'lastName',
  'email',
  'phone',
  'note',
  'customerType',
  'state',
  'stateHistory',
  '_id',
];
const SETTINGS = ['regularRequires', 'uniqueEmail', 'uniquePhone', 'defaultCountry', 'retentionDays'];
const QUERIES = [
  'page',
  'pageSize',
  'orderBy',
  'orderDir',
  'state',
  'customerType',
  'updatedSince',
  'phrase',
];

let tried = 0;
/** Sends a request that must be refused, or answered as one about the text that it is. */
const attack = async (request: Promise<Answer>, isFine: (answer: Answer) => boolean): Promise<void> => {
  const answer = await request;
  tried += 1;
  if (!isFine(answer)) throw new Error(`An attack was answered ${answer.status}: ${answer.text}`);
};
const isRefused = ({ status }: Answer) => status >= 400 && status < 500;

describe('no operator injection', () => {
  it(
    'no structure in place of a value has an effect',
    async () => {
      const before = await whatIsStored(service);
      for (const structure of STRUCTURES) {
        for (const field of FIELDS) {
          // What is accepted and ignored (PUT's _id), or means nothing new, is checked by what is stored.
          const isHarmless =
            field === '_id' || (field === 'stateHistory' && JSON.stringify(structure) === '[]');
          await attack(
            business.change(customer._id, { [field]: structure }),
            (answer) => isRefused(answer) || (isHarmless && answer.status === 200),
          );
        }
        await attack(business.create({ _id: structure, firstName: 'A', customerType: 'new' }), isRefused);
        await attack(business.setState(customer._id, { state: structure }), isRefused);
        for (const setting of SETTINGS) {
          if (setting.startsWith('unique') && typeof structure === 'boolean') continue;
          await attack(business.chooseSettings({ [setting]: structure }), isRefused);
        }
      }
      expect(await whatIsStored(service)).toEqual(before);
      expect(Object.prototype).not.toHaveProperty('polluted');
    },
    PROOF_TIMEOUT_MS,
  );

  it(
    'no text in a query, a path or a header finds or changes what it should not',
    async () => {
      const before = await whatIsStored(service);
      for (const text of TEXTS) {
        await attack(business.get(text), isRefused);
        await attack(business.delete(text), isRefused);
        await attack(business.lookUp({ email: text, phone: text }), isRefused);
        await attack(business.get(customer._id, { businessId: text }), isRefused);
        await attack(
          business.change(customer._id, { note: 'a' }, { headers: { 'if-match': text } }),
          isRefused,
        );
        for (const query of QUERIES) {
          const findsNobody = ({ body }: Answer) => query === 'phrase' && body.items.length === 0;
          await attack(
            business.find({ [query]: text }),
            (answer) => isRefused(answer) || findsNobody(answer),
          );
        }
      }
      expect(await whatIsStored(service)).toEqual(before);
    },
    PROOF_TIMEOUT_MS,
  );

  it(
    'a text in a field is kept as the text it is, or refused',
    async () => {
      for (const text of TEXTS) {
        const kept = text.toWellFormed();
        for (const field of ['firstName', 'lastName', 'note'] as const) {
          await attack(
            business.change(customer._id, { [field]: text }),
            (answer) => isRefused(answer) || answer.body[field] === kept,
          );
        }
        for (const field of ['email', 'phone', 'customerType', 'state']) {
          await attack(business.change(customer._id, { [field]: text }), isRefused);
        }
      }
      expect((await business.find()).body.totalSize).toBe(2);
      report(20, `${STRUCTURES.length + TEXTS.length} payloads, ${tried} requests: 0 with effect, 0 x 5xx`);
    },
    PROOF_TIMEOUT_MS,
  );
});
