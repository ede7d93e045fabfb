import { describe, expect, it } from '@jest/globals';
import { fc } from '#test/support/fast-check.ts';
import {
  CustomerChanges,
  CustomerDraft,
  CustomerPath,
  Moment,
  ObjectIdText,
  ReasonText,
} from '#lib/contract/customer-draft.ts';

describe('ObjectIdText', () => {
  it('takes 24 hexadecimal digits in any letter case and nothing else', () => {
    const id = '5F1D7F3A9C3B4E2D8A6C1B0A';
    expect(ObjectIdText.parse(id)).toBe(id.toLowerCase());
    for (const other of [id.slice(1), `${id}0`, `0${id}`, `${id}\n`, `x ${id}`])
      expect(ObjectIdText.safeParse(other).success).toBe(false);
    fc.assert(
      fc.property(fc.anything(), (value) => {
        fc.pre(typeof value !== 'string' || !/^[0-9a-f]{24}$/i.test(value));
        expect(ObjectIdText.safeParse(value).success).toBe(false);
      }),
    );
  });
});

describe('Moment', () => {
  it.each([
    ['2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z'],
    ['2026-01-01T00:00:00Z', '2026-01-01T00:00:00.000Z'],
    ['2026-01-01T02:00:00.000+02:00', '2026-01-01T00:00:00.000Z'],
    ['0000-01-01T00:00:00.000Z', '0000-01-01T00:00:00.000Z'],
    ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
  ])('reads %s', (text, moment) => {
    expect(Moment.parse(text).toISOString()).toBe(moment);
  });

  it.each([
    '2026-01-01',
    'now',
    '',
    '2026-13-01T00:00:00Z',
    '2026-02-30T00:00:00Z',
    '2026-01-01T00:00:00',
    '0000-01-01T00:00:00+00:01',
    '9999-12-31T23:59:59-00:01',
    0,
    null,
  ])('refuses %j', (value) => {
    expect(Moment.safeParse(value).success).toBe(false);
  });
});

describe('ReasonText', () => {
  it('has at most 500 characters', () => {
    expect(['', 'x', 'x'.repeat(500)].map((text) => ReasonText.safeParse(text).success)).toEqual([
      ...[true, true, true],
    ]);
    expect(ReasonText.safeParse('x'.repeat(501)).success).toBe(false);
  });
});

describe.each([
  ['CustomerDraft', CustomerDraft],
  ['CustomerChanges', CustomerChanges],
])('%s', (_name, schema) => {
  it('accepts nothing at all', () => {
    expect(schema.parse({})).toEqual({});
  });

  it('says of what is no text that it must be one, or null, and of a text that is too long its limit', () => {
    for (const field of ['firstName', 'lastName', 'phone', 'email', 'note']) {
      const told = (value: unknown) =>
        schema.safeParse({ [field]: value }).error?.issues.map(({ code, message }) => [code, message]);
      expect(told(7)).toEqual([['invalid_type', expect.stringMatching(/ text or null\.$/)]]);
      // The length of a note is judged where the stored one is known.
      if (field === 'note') expect(told('x'.repeat(20_001))).toBeUndefined();
      else expect(told('x'.repeat(20_001))).toEqual([['too_big', expect.not.stringMatching(/ null/)]]);
      expect(told(null)).toBeUndefined();
    }
  });

  it('measures a text after cleaning it, and leaves one within its limit as it is', () => {
    const padding = ' '.repeat(400);
    expect(
      schema.parse({
        firstName: `Ola${padding}`,
        lastName: `Anna${padding}Maria`,
        email: `${padding}ola@b.example`,
        phone: `${padding}48512345678${padding}`,
      }),
    ).toEqual({
      firstName: 'Ola',
      lastName: 'Anna Maria',
      email: 'ola@b.example',
      phone: '48512345678',
    });
    expect(schema.parse({ firstName: 'z\u0301'.repeat(50) })).toEqual({ firstName: '\u017a'.repeat(50) });
    const exactly = { firstName: ` ${'e\u0301'.repeat(24)} `, phone: ` ${'1'.repeat(49)}` };
    expect(schema.parse(exactly)).toEqual(exactly);
    const within = { firstName: ' O  la ', lastName: 'e\u0301', note: ' two\n\nlines ' };
    expect(schema.parse(within)).toEqual(within);
    const fifty = `${'x'.repeat(48)}  `;
    expect(schema.parse({ firstName: fifty })).toEqual({ firstName: fifty });
  });

  it.each([
    ['firstName', 'x'.repeat(51)],
    ['firstName', `${'x'.repeat(25)} ${'y'.repeat(25)}`],
    ['lastName', 'z\u0301'.repeat(51)],
  ])('refuses a %s that is too long after cleaning too', (field, value) => {
    expect(schema.safeParse({ [field]: value }).error?.issues).toMatchObject([
      { code: 'too_big', path: [field] },
    ]);
  });

  it('accepts what is only sent back, whatever it holds', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const sentBack = Object.fromEntries(
          ['object', '_version', 'createdAt', 'updatedAt', 'syncedAt', 'syncErrors', 'active'].map((name) => [
            name,
            value,
          ]),
        );
        expect(schema.safeParse(sentBack).success).toBe(true);
      }),
    );
  });

  it('refuses every field that it does not name', () => {
    const known = new Set(Object.keys(schema.shape));
    fc.assert(
      fc.property(fc.string(), fc.jsonValue(), (name, value) => {
        fc.pre(!known.has(name) && name !== '__proto__');
        expect(schema.safeParse({ [name]: value }).success).toBe(false);
      }),
    );
  });

  it('never gives back what it does not name, under any name', () => {
    const parsed = schema.safeParse(JSON.parse('{"__proto__":{"state":"deleted"},"note":"a"}'));
    if (parsed.success) expect(parsed.data.state).toBeUndefined();
    expect(Object.prototype).not.toHaveProperty('state');
  });

  it.each([
    ['firstName', 50],
    ['lastName', 50],
    ['phone', 50],
    ['email', 254],
  ])('takes null and up to so many characters for %s: %i', (name, longest) => {
    const takes = (value: unknown) => schema.safeParse({ [name]: value }).success;
    expect([null, '', 'x', 'x'.repeat(longest)].map(takes)).toEqual([true, true, true, true]);
    expect(takes('x'.repeat(longest + 1))).toBe(false);
  });

  it('takes every state as it may be written, every type, and a timeline of any length', () => {
    const takes = (value: object) => schema.safeParse(value).success;
    const states = ['active', 'suspended', 'archived', 'deleted', 'inactive'];
    expect(states.every((state) => takes({ state }))).toBe(true);
    const types = ['regular', 'unregistered', 'new', 'anonymous'];
    expect(types.every((customerType) => takes({ customerType }))).toBe(true);
    expect([{ state: 'gone' }, { state: null }, { customerType: 'old' }].some(takes)).toBe(false);
    const entry = { state: 'active', setAt: '2026-01-01T00:00:00.000Z' };
    const timeline = (length: number) => ({ stateHistory: Array(length).fill(entry) });
    expect([0, 1, 200, 201, 2_000].map((length) => takes(timeline(length)))).not.toContain(false);
    expect(takes({ stateHistory: [{ ...entry, other: 1 }] })).toBe(false);
    expect(schema.parse(timeline(1)).stateHistory).toEqual([{ ...entry, setAt: new Date(entry.setAt) }]);
  });

  it('takes texts or null for the details, and nothing else', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('firstName', 'lastName', 'phone', 'email', 'note'),
        fc.jsonValue(),
        (name, value) => {
          fc.pre(value !== null && typeof value !== 'string');
          expect(schema.safeParse({ [name]: value }).success).toBe(false);
        },
      ),
    );
  });
});

describe('the id of a customer', () => {
  it('is taken with a new one in lower case, and ignored in a change', () => {
    const _id = '5F1D7F3A9C3B4E2D8A6C1B0A';
    expect(CustomerDraft.parse({ _id })).toEqual({ _id: _id.toLowerCase() });
    expect(CustomerDraft.safeParse({ _id: 'x' }).success).toBe(false);
    expect(CustomerChanges.safeParse({ _id: { any: 'thing' } }).success).toBe(true);
    expect(CustomerPath.parse({ id: _id })).toEqual({ id: _id.toLowerCase() });
    expect(CustomerPath.safeParse({}).success).toBe(false);
  });
});
