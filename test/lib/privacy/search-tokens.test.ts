import { describe, expect, it } from '@jest/globals';
import { fc } from '#test/support/fast-check.ts';
import { HIDEABLE_FIELDS, type HideableField } from '#lib/domain/access/hidden-fields.ts';
import { emailKeys, phoneKeys } from '#lib/privacy/blind-index.ts';
import type { BusinessKeys } from '#lib/privacy/business-keys.ts';
import { customerTokens, phraseTokens, type Searchable } from '#lib/privacy/search-tokens.ts';
import { phoneParts } from '#lib/domain/spelling/phone-forms.ts';
import { aName } from '#test/lib/domain/samples.ts';
import { aRing, BUSINESS, hex, OTHER_BUSINESS, someKeys } from './rings.ts';

const keys = someKeys();
const NOBODY: Searchable = { firstName: null, lastName: null, email: null, phone: null };
const ANNA: Searchable = {
  firstName: 'Anna Łucja',
  lastName: 'Müller-Lüdenscheidt',
  email: 'Anna.M@example.com',
  phone: '48512345678',
};

type Asking = { by?: BusinessKeys; of?: BusinessKeys; hidden?: readonly HideableField[]; country?: string };

/** What the store does with them: each list of every word must have one of its tokens among the customer's. */
const finds = (
  phrase: string,
  customer: Searchable,
  { by = keys, of = keys, hidden = [], country = 'PL' }: Asking = {},
): boolean => {
  const tokens = new Set(hex(customerTokens(of, customer)));
  return phraseTokens(by, phrase, { country, hidden }).every((word) =>
    word.tokens.every((list) => hex(list).some((token) => tokens.has(token))),
  );
};

const aCustomer: fc.Arbitrary<Searchable> = fc.record({
  firstName: fc.option(aName()),
  lastName: fc.option(aName()),
  email: fc.option(fc.emailAddress()),
  phone: fc.option(fc.stringMatching(/^[1-9]\d{8,14}$/)),
});

/** Every beginning that may be typed of what a customer has, and every ending of a phone from four digits. */
const typable = ({ firstName, lastName, email, phone }: Searchable): string[] => {
  const words = [firstName, lastName].flatMap((name) => (name ?? '').split(/\s+/u));
  const names = words.flatMap((word) => [word, ...word.split(/[-'’]/u)]);
  const beginnings = [...names, email ?? '', phone ?? ''].flatMap((word) =>
    Array.from(word, (_, index) => word.slice(0, index + 1)),
  );
  const { code, national } = phoneParts(phone ?? '');
  const endings = Array.from(national, (_, index) => national.slice(index)).filter(
    (ending) => ending.length >= 4,
  );
  const atHome = Array.from(national, (_, index) => national.slice(0, index + 1));
  const abroad = ['', ...atHome].map((beginning) => `+${code}${beginning}`);
  return [...beginnings, ...endings, ...atHome, ...(code === '' ? [] : abroad)];
};

describe('search', () => {
  it.each([
    'a',
    'ANNA',
    'lucja',
    'łuc',
    'mul',
    'müller',
    'Müller-Lüd',
    'luden',
    'anna.m@',
    'ANNA.M@EXAMPLE.COM',
    '4',
    '+48',
    '48512',
    '+48 512-345-678',
    '0048512345678',
    '5678',
    '345 678',
    '12345678',
    '512',
    '512 345',
    '+48 (512) 3',
    'anna 485',
    'anna 5678 lud',
  ])('finds a customer by %j', (phrase) => {
    expect(finds(phrase, ANNA)).toBe(true);
  });

  it.each([
    'nna',
    'anna.com',
    'example',
    'scheidt',
    'muller lucia',
    '678',
    '4567',
    '345 67',
    '+512',
    '+49 512',
    '+4851234567 8 9',
    'anna 678',
    'anna@',
  ])('does not find it by %j', (phrase) => {
    expect(finds(phrase, ANNA)).toBe(false);
  });

  it.each([
    ["o'connor", "O'Connor"],
    ['oconnor', 'O’Connor'],
    ['connor', 'O´Connor'],
    ['o’con', "O'Connor"],
    ['lukasz', 'Łukasz'],
    ['zoe', 'Zoë'],
    ['йосип', 'Йосип'],
    ['strasse', 'Straße'],
    ['Mueller', 'Müller'],
    ['Müller', 'Mueller'],
    ['Алена', 'Алёна'],
    ['Kowalska,', '(Kowalska)'],
  ])('finds by %j the name %j', (phrase, lastName) => {
    expect(finds(phrase, { ...NOBODY, lastName })).toBe(true);
  });

  it('finds digits as the beginning of a name or email too, and zeros at the end of a phone', () => {
    expect(finds('1990', { ...NOBODY, email: '1990anna@example.com' })).toBe(true);
    expect(finds('007', { ...NOBODY, firstName: '007' })).toBe(true);
    expect(finds('0000', { ...NOBODY, phone: '48512340000' })).toBe(true);
    expect(finds('0048', { ...NOBODY, phone: '12345670048' })).toBe(true);
    expect(finds('+0048', { ...NOBODY, phone: '12345670048' })).toBe(false);
  });

  it('keeps texts and phones apart', () => {
    expect(finds('48 512', { ...NOBODY, lastName: '48512' })).toBe(false);
    expect(finds('mueller', { ...NOBODY, email: 'muller@example.com' })).toBe(false);
    expect(finds('muller', { ...NOBODY, email: 'mueller@example.com' })).toBe(false);
    expect(finds('mueller@', { ...NOBODY, email: 'mueller@example.com' })).toBe(true);
    expect(finds('Müller <mueller@example.com>', { ...NOBODY, lastName: 'Mueller' })).toBe(false);
    expect(finds('512a', { ...NOBODY, phone: '51234567890' })).toBe(false);
  });

  it.each(['anna.m@', 'Anna.M@example.com', '48512', '5678', '48512345678', '+48 512', 'anna 5678'])(
    'finds nobody by %j, which is a part of what is hidden',
    (phrase) => {
      const anna = { ...ANNA, firstName: 'Anna Lucja' };
      expect(finds(phrase, anna)).toBe(true);
      expect(finds(phrase, anna, { hidden: HIDEABLE_FIELDS })).toBe(false);
    },
  );

  it('hides field by field, and never a name', () => {
    expect(finds('anna lud', ANNA, { hidden: HIDEABLE_FIELDS })).toBe(true);
    expect(finds('anna.m@', ANNA, { hidden: ['phone', 'note'] })).toBe(true);
    expect(finds('5678', ANNA, { hidden: ['email', 'note'] })).toBe(true);
    expect(finds('007', { ...NOBODY, firstName: '007' }, { hidden: HIDEABLE_FIELDS })).toBe(true);
  });

  it('finds every customer by everything that can be typed of it, and by all of it at once', () => {
    fc.assert(
      fc.property(aCustomer, (customer) => {
        const missed = typable(customer).filter((phrase) => !finds(phrase, customer));
        expect(missed).toEqual([]);
        const { firstName, lastName, email, phone } = customer;
        expect(
          finds([email, lastName, phone, firstName].filter((part) => part !== null).join(' '), customer),
        ).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('does not find a customer by letters that begin nothing of it', () => {
    const word = fc.string({ unit: fc.constantFrom(...Array.from('ibc1')), minLength: 1, maxLength: 6 });
    const customer = fc.record({
      firstName: word,
      lastName: word,
      email: fc.constant(null),
      phone: fc.constant(null),
    });
    fc.assert(
      fc.property(customer, word, (somebody, phrase) => {
        const isBeginning = [somebody.firstName, somebody.lastName].some((name) => name.startsWith(phrase));
        expect(finds(phrase, somebody)).toBe(isBeginning);
      }),
      { numRuns: 500 },
    );
  });

  it('looks at the first 32 characters of a word', () => {
    const lastName = 'x'.repeat(32);
    expect(finds(`${lastName}y`, { ...NOBODY, lastName })).toBe(true);
    expect(finds(`${'x'.repeat(31)}y`, { ...NOBODY, lastName })).toBe(false);
  });

  it('finds an email by all that is typed of it, as far as the longest kept beginning that this reaches', () => {
    const email = fc.string({ unit: fc.constantFrom(...Array.from('abc.@')), minLength: 1, maxLength: 45 });
    const typed = fc.record({ email, same: fc.nat(45), others: fc.nat(20) });
    /** Each length up to twelve, then three. */
    const lookedAt = (length: number): number =>
      length <= 12 ? length : Math.max(...[12, 16, 24, 32].filter((kept) => kept <= length));
    fc.assert(
      fc.property(typed, ({ email, same, others }) => {
        const begun = email.slice(0, same);
        const phrase = begun + '#'.repeat(others);
        expect(finds(phrase, { ...NOBODY, email })).toBe(lookedAt(phrase.length) <= begun.length);
      }),
      { numRuns: 1_000 },
    );
  });

  it('finds nothing of another business', () => {
    expect(finds('anna', ANNA, { by: someKeys(OTHER_BUSINESS) })).toBe(false);
  });

  it('finds while keys rotate what either key wrote', () => {
    const rotated = someKeys(BUSINESS, aRing(2, 1));
    expect(finds('anna 5678', ANNA, { by: rotated })).toBe(true);
    expect(finds('anna 5678', ANNA, { by: rotated, of: rotated })).toBe(true);
    expect(finds('anna', ANNA, { of: rotated })).toBe(false);
  });
});

describe('the tokens of a customer', () => {
  const tokensOf = (customer: Searchable, of: BusinessKeys = keys) => hex(customerTokens(of, customer));

  it('are 8 bytes each and there is each only once', () => {
    const tokens = tokensOf({ ...ANNA, firstName: 'Anna Anna', lastName: 'Anna' });
    expect(tokens.every((token) => token.length === 16)).toBe(true);
    expect(new Set(tokens).size).toBe(tokens.length);
  });

  it('are in the order of their bytes, whatever they were made of', () => {
    fc.assert(
      fc.property(aCustomer, (customer) => {
        const tokens = tokensOf(customer);
        expect(tokens).toEqual(tokens.toSorted());
      }),
    );
  });

  it('have their places by chance: the first letter of a name, an email and a phone is anywhere', () => {
    const places = (field: keyof Searchable, letters: string) =>
      new Set(
        Array.from(letters, (letter) => {
          const code = field === 'phone' ? '48' : '';
          const ofCode = new Set(tokensOf({ ...NOBODY, [field]: code }));
          const own = tokensOf({ ...NOBODY, [field]: `${code}${letter}` }).find(
            (token) => !ofCode.has(token),
          );
          return tokensOf({ ...ANNA, [field]: `${code}${letter}7654321` }).indexOf(own ?? '');
        }),
      );
    for (const field of ['lastName', 'email', 'phone'] as const) {
      const found = places(field, '123456789');
      expect([field, found.has(-1), found.size > 4]).toEqual([field, false, true]);
    }
  });

  it('are as many as there are beginnings and endings', () => {
    expect(tokensOf(NOBODY)).toEqual([]);
    expect(tokensOf({ ...NOBODY, firstName: 'Jan' })).toHaveLength(3);
    expect(tokensOf({ ...NOBODY, lastName: 'Lis-Kot' })).toHaveLength(7 + 3);
    expect(tokensOf({ ...NOBODY, email: `${'a'.repeat(60)}@example.com` })).toHaveLength(15);
    expect(tokensOf({ ...NOBODY, phone: '48512345678' })).toHaveLength(2 + 9 + 6);
    expect(tokensOf({ ...NOBODY, phone: '+12125550123' })).toHaveLength(1 + 10 + 6);
  });
});

describe('the keys of a phrase', () => {
  const asked = (phrase: string) => phraseTokens(keys, phrase, { country: 'PL', hidden: [] });

  it('are there for a word that is a whole email or phone', () => {
    const [email, phone, name, ...more] = asked('Zoë@Example.com 512-345-678 anna.com');
    expect(hex(email?.emailKeys ?? [])).toEqual(hex(emailKeys(keys, 'zoë@example.com')));
    expect(email?.phoneKeys).toBeNull();
    expect(hex(phone?.phoneKeys ?? [])).toEqual(
      hex([...phoneKeys(keys, '48512345678'), ...phoneKeys(keys, '512345678')]),
    );
    expect(phone?.emailKeys).toBeNull();
    expect([name?.emailKeys, name?.phoneKeys, more]).toEqual([null, null, []]);
  });

  it('are there for a phone with spaces, from seven digits on', () => {
    const [whole] = asked('+48 512 345 678');
    expect(hex(whole?.phoneKeys ?? [])).toEqual(hex(phoneKeys(keys, '48512345678')));
    expect(asked('0051 2345').map((word) => word.phoneKeys)).toEqual([null]);
    expect(asked('512 3456').map((word) => word.phoneKeys?.length)).toEqual([2]);
  });
});
