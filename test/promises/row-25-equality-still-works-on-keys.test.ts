import { domainToASCII } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { fc } from '#test/support/fast-check.ts';
import { isEmail } from '#lib/domain/spelling/email.ts';
import { emailKeys, phoneKeys } from '#lib/privacy/blind-index.ts';
import { BUSINESS, hex, OTHER_BUSINESS, someKeys } from '#test/lib/privacy/rings.ts';
import { aBusiness, added, type Business } from '#test/support/a-business.ts';
import { aCustomer } from '#test/support/a-customer.ts';
import { PROOF_TIMEOUT_MS, report, sized } from '#test/support/promise.ts';
import { expectProblem } from '#test/support/refusal.ts';
import { useService } from '#test/support/service.ts';
import { documentIn } from '#test/support/stored.ts';
import { SEED } from '#test/support/seed.ts';

const service = useService('row-25');
const [keys, othersKeys] = [someKeys(BUSINESS), someKeys(OTHER_BUSINESS)];

const GENERATED = sized({ short: 250, full: 20_000 });
const CUSTOMERS = sized({ short: 12, full: 1_000 });
const SPELLINGS = 3;

/** Letters whose case goes there and back; ß and the like make two letters of one. */
const LETTERS = Array.from('abcdefghijklmnopqrstuvwxyzáéñóöüčłżžжшїαβω');
const DIGITS = Array.from('0123456789');
const texts = (characters: readonly string[], minLength: number, maxLength: number) =>
  fc.string({ unit: fc.constantFrom(...characters), minLength, maxLength });
const label = texts([...LETTERS, ...DIGITS], 1, 12);
/** An email in the one spelling that all others are to be taken for: small letters, composed. */
const anEmail = fc
  .tuple(
    fc.array(texts([...LETTERS, ...DIGITS, '+', '_', '-'], 1, 10), { minLength: 1, maxLength: 3 }),
    fc.array(label, { minLength: 1, maxLength: 2 }),
    texts(LETTERS, 2, 6),
  )
  .map(([local, labels, topLevel]) => `${local.join('.')}@${[...labels, topLevel].join('.')}`);
/** A phone as it is stored: it begins with a country code, never with 0. */
/** German numbers may have 12 to 15 digits. A zero could be in brackets, where it is no part of the number. */
const aPhone = texts(DIGITS.slice(1), 10, 13).map((digits) => `49${digits}`);

/** Another spelling of a text, character by character as these choices say. */
const respelled = (
  text: string,
  choices: readonly number[],
  ways: readonly ((one: string) => string)[],
): string =>
  Array.from(text, (one, index) =>
    (ways[(choices[index % choices.length] ?? 0) % ways.length] ?? String)(one),
  ).join('');

const fullWidth = (one: string): string =>
  /[0-9a-z]/i.test(one) ? String.fromCodePoint((one.codePointAt(0) ?? 0) + 0xfee0) : one;
const upper = (one: string): string => one.toUpperCase();
const LETTER_WAYS = [
  String,
  upper,
  fullWidth,
  (one: string) => fullWidth(upper(one)),
  (one: string) => one.normalize('NFD'),
];

type Choices = Readonly<{ choices: readonly number[]; asIdna: boolean }>;
const someChoices = fc.record({
  choices: fc.array(fc.nat(1_000), { minLength: 5, maxLength: 40 }),
  asIdna: fc.boolean(),
});

/** The same email in another case, width, composition, and its domain as DNS spells it. */
const emailSpelling = (email: string, { choices, asIdna }: Choices): string => {
  const [local = '', domain = ''] = email.split('@');
  const written = asIdna
    ? respelled(domainToASCII(domain), choices, [String, upper])
    : respelled(domain, choices, LETTER_WAYS);
  return `${respelled(local, choices, LETTER_WAYS)}@${written}`;
};

const inScript = (zero: number) => (digit: string) => String.fromCodePoint(zero + Number(digit));
const DIGIT_WAYS = [
  ...[String, inScript(0xff10), inScript(0x660), inScript(0x6f0)],
  // After a slash there may be a second number.
  ...[' ', '-', '.', ') ', ' (', '\u00a0', '–'].map((mark) => (digit: string) => `${digit}${mark}`),
];
/** The same number in another formatting, with digits of another keyboard, as an international one is dialled. */
const phoneSpelling = (phone: string, { choices }: Choices): string =>
  (['', '+', '00', '+ ', '(00) '][(choices[0] ?? 0) % 5] ?? '') + respelled(phone, choices, DIGIT_WAYS);

const KINDS = [
  { field: 'email', value: anEmail, spell: emailSpelling, keysOf: emailKeys },
  { field: 'phone', value: aPhone, spell: phoneSpelling, keysOf: phoneKeys },
] as const;

describe.each(KINDS)('the key of $field', ({ field, value, spell, keysOf }) => {
  it('is one for every spelling, another in another business, and another for another one', () => {
    const spellings = new Set<string>();
    fc.assert(
      fc.property(value, value, someChoices, (one, other, choices) => {
        const [key] = hex(keysOf(keys, one));
        const spelling = spell(one, choices);
        spellings.add(spelling);
        expect(hex(keysOf(keys, spelling))).toEqual([key]);
        expect(hex(keysOf(othersKeys, spelling))).not.toEqual([key]);
        if (other !== one) expect(hex(keysOf(keys, spell(other, choices)))).not.toEqual([key]);
      }),
      { numRuns: GENERATED },
    );
    // They are spelt otherwise indeed.
    expect(spellings.size).toBeGreaterThan(GENERATED * 0.9);
    report(
      25,
      `${String(spellings.size)} spellings of ${field}s: each has the key of the plain spelling, 0 have another key`,
    );
  });
});

describe('from end to end', () => {
  /** Every way to meet a customer whom the business has under another spelling. */
  const expectKnown = async (
    business: Business,
    field: 'email' | 'phone',
    { _id }: any,
    spelling: string,
  ) => {
    const answer = await business.create(aCustomer({ [field]: spelling }));
    expectProblem(answer, 409, `duplicate-${field}`);
    expect(answer.body.existing).toEqual({ _id, state: 'active' });
    const another = await added(business);
    expectProblem(await business.change(another._id, { [field]: spelling }), 409, `duplicate-${field}`);
    expect((await business.lookUp({ [field]: spelling })).body._id).toBe(_id);
    const found = (await business.find({ phrase: spelling })).body.items;
    expect(found.map((item: { _id: string }) => item._id)).toEqual([_id]);
  };
  const keysStored = async (field: string, { _id }: any): Promise<string[]> =>
    (await documentIn(service, 'customer_link', { customerId: _id }))[`${field}Keys`].map((key: any) =>
      Buffer.from(key.buffer).toString('hex'),
    );

  it.each(KINDS)(
    'a $field is known by every spelling, in its business and in no other',
    async ({ field, value, spell }) => {
      const [business, other] = [aBusiness(), aBusiness()];
      const people = fc.array(someChoices, { minLength: SPELLINGS + 1, maxLength: SPELLINGS + 1 });
      const drafts = fc.sample(fc.record({ plain: value, people }), { numRuns: CUSTOMERS, seed: SEED });
      const seen = new Set<string>();
      let tried = 0;
      for (const {
        plain,
        people: [first, ...more],
      } of drafts) {
        if (first === undefined || seen.has(plain)) continue;
        seen.add(plain);
        const written = spell(plain, first);
        if (field === 'email') expect(isEmail(written)).toBe(true);
        const customer = await added(business, { [field]: written });
        for (const choices of more) {
          await expectKnown(business, field, customer, spell(plain, choices));
          tried += 1;
        }
        expect((await other.lookUp({ [field]: plain })).status).toBe(404);
        const twin = await added(other, { [field]: plain });
        expect(await keysStored(field, twin)).not.toEqual(await keysStored(field, customer));
      }
      report(
        25,
        `${String(seen.size)} customers, ${String(tried)} other spellings of their ${field} (seed ${String(SEED)}): each refused ` +
          'as a duplicate on create and change, found by look-up and as a word; 0 found by another business',
      );
    },
    PROOF_TIMEOUT_MS,
  );
});
