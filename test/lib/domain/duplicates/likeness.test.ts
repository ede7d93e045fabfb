import { describe, expect, it } from '@jest/globals';
import { fc } from '#test/support/fast-check.ts';
import {
  type Comparable,
  isWorthShowing,
  likenessOf,
  type Reason,
  REASONS,
} from '#lib/domain/duplicates/likeness.ts';
import { somebody } from './twins.ts';

const NOBODY: Comparable = { firstName: null, lastName: null, email: null, phone: null };
const ANNA: Comparable = {
  firstName: 'Anna',
  lastName: 'Kowalska',
  email: 'anna.kowalska@gmail.com',
  phone: '48512345678',
};
const likeness = (one: Partial<Comparable>, other: Partial<Comparable>) =>
  likenessOf({ ...NOBODY, ...one }, { ...NOBODY, ...other });
const name = (firstName: string | null, lastName: string | null = null) => ({ firstName, lastName });

describe('two customers are alike by', () => {
  it.each<[Reason | 'nothing', Partial<Comparable>, Partial<Comparable>]>([
    ['same-phone', { phone: '512345678' }, { phone: '48512345678' }],
    ['same-phone', { phone: '07911123456' }, { phone: '447911123456' }],
    ['same-phone', { phone: '22123456' }, { phone: '4722123456' }],
    ['similar-phone', { phone: '48512345678' }, { phone: '49512345678' }],
    ['similar-phone', { phone: '48512345678' }, { phone: '48512345687' }],
    ['similar-phone', { phone: '512345678' }, { phone: '48512345679' }],
    ['nothing', { phone: '48512345678' }, { phone: '48512345699' }],
    ['nothing', { phone: '2345678' }, { phone: '48512345678' }],
    ['same-phone', { phone: '1234567' }, { phone: '1234567' }],

    ['same-email', { email: 'Anna@B.example' }, { email: 'anna@b.example' }],
    ['same-email', { email: 'an.na+shop@gmail.com' }, { email: 'anna@googlemail.com' }],
    ['same-email', { email: 'anna+shop@outlook.com' }, { email: 'anna@outlook.com' }],
    ['similar-email', { email: 'an.na@wp.pl' }, { email: 'anna@wp.pl' }],
    ['similar-email', { email: 'anna@gmial.com' }, { email: 'anna@gmail.com' }],
    ['similar-email', { email: 'anna@wp.pl' }, { email: 'anna@o2.pl' }],
    ['similar-email', { email: 'anma@wp.pl' }, { email: 'anna@wp.pl' }],
    ['nothing', { email: 'anna@wp.pl' }, { email: 'olga@wp.pl' }],

    ['same-name', name('Łucja', 'O’Neill'), name('LUCJA', "O'Neill")],
    ['same-name', name('Anna Kowalska'), name('Anna', 'Kowalska')],
    ['same-name', name('Anna', 'Nowak-Kowalska'), name('Anna', 'Nowak Kowalska')],
    ['same-name', name('Jürgen', 'Müller'), name('Juergen', 'Mueller')],
    ['same-name', name('Søren', 'Ågård'), name('Soren', 'Aagaard')],
    ['same-name', name('Алёна', 'Королёва'), name('Алена', 'Королева')],
    ['same-name', name('فاطمة', 'أحمد'), name('فاطمه', 'احمد')],
    ['swapped-names', name('Jörg', 'Weiß'), name('Weiss', 'Joerg')],
    ['similar-name', name('Jürgen', 'Müller'), name('Juergen', 'Mueler')],
    ['similar-name', name('Jan', 'Maekot'), name('Jan', 'Mkekot')],
    ['similar-name', name('Jan', 'Adkjar'), name('Jan', 'Adjar')],
    ['nothing', name('Йосип', 'Мельник'), name('Марко', 'Мельник')],
    ['swapped-names', name('Anna', 'Kowalska'), name('Kowalska', 'Anna')],
    ['similar-name', name('Anna', 'Kowalska'), name('Anna', 'Kowalsak')],
    ['similar-name', name('Anna', 'Kowalska'), name('Ana', 'Kowalska')],
    ['nothing', name('Anna', 'Kowalska'), name('Ana', 'Kowlska')],
    ['nothing', name('Anna'), name('Anna')],
    ['nothing', name('Anna'), name('Anna', 'Kowalska')],
    ['nothing', name('Annamaria'), name('Anna Maria')],
    ['nothing', {}, {}],
  ])('%s: %j and %j', (reason, one, other) => {
    const reasons = reason === 'nothing' ? [] : [reason];
    expect(likeness(one, other).reasons).toEqual(reasons);
    expect(likeness(other, one).reasons).toEqual(reasons);
  });

  it('all that speaks for it, one reason of each kind', () => {
    expect(likenessOf(ANNA, ANNA)).toEqual({ score: 95, reasons: ['same-name', 'same-email', 'same-phone'] });
    expect(likenessOf(ANNA, NOBODY)).toEqual({ score: 0, reasons: [] });
  });

  it('a score that each reason raises', () => {
    const scores = [
      likeness({ phone: ANNA.phone }, ANNA),
      likeness({ phone: ANNA.phone, email: 'anna.kowalska@wp.pl' }, ANNA),
      likeness({ ...ANNA, email: null, firstName: 'Anni' }, ANNA),
      likeness({ ...ANNA, email: null }, ANNA),
      likeness({ ...ANNA, firstName: 'Anni' }, ANNA),
    ].map(({ score }) => score);
    expect(scores).toEqual([60, 74, 76, 80, 94]);
  });

  it('no more than whether they are the same, of what is hidden', () => {
    const near = { ...ANNA, email: 'anna.kowalska@gmial.com', phone: '48512345687' };
    expect(likenessOf(ANNA, near).reasons).toEqual(['same-name', 'similar-email', 'similar-phone']);
    expect(likenessOf(ANNA, near, ['email'])).toEqual({ score: 63, reasons: ['same-name', 'similar-phone'] });
    expect(likenessOf(ANNA, near, ['email', 'phone', 'note'])).toEqual({ score: 50, reasons: ['same-name'] });
    expect(likenessOf(ANNA, ANNA, ['email', 'phone', 'note'])).toEqual(likenessOf(ANNA, ANNA));
  });
});

describe('the reasons', () => {
  it('are told from each other by what is the same and what is nearly so', () => {
    expect([...REASONS].sort()).toEqual([
      ...['same-email', 'same-name', 'same-phone'],
      ...['similar-email', 'similar-name', 'similar-phone', 'swapped-names'],
    ]);
  });
});

describe('a pair is worth showing', () => {
  it.each<[Reason[], number, number, boolean]>([
    [['same-phone'], 60, 20, true],
    [['similar-email'], 35, 2, false],
    [['same-name'], 50, 3, true],
    [['same-name'], 50, 4, false],
    [['swapped-names'], 50, 4, false],
    [['similar-name'], 40, 3, true],
    [['similar-name'], 40, 4, false],
    [['same-name', 'similar-phone'], 63, 20, true],
    [[], 0, 2, false],
  ])('for %j at %i, with %i who share it: %s', (reasons, score, sharing, isWorth) => {
    expect(isWorthShowing({ score, reasons }, sharing)).toBe(isWorth);
  });
});

describe('the likeness', () => {
  const noise = fc.record({
    firstName: fc.option(fc.string({ unit: 'grapheme', maxLength: 8 })),
    lastName: fc.option(fc.string({ unit: 'grapheme', maxLength: 8 })),
    email: fc.option(fc.emailAddress()),
    phone: fc.option(fc.stringMatching(/^\d{7,15}$/)),
  });
  const anybody: fc.Arbitrary<Comparable> = fc.oneof(somebody, noise);

  it('is the same in both orders, whatever is hidden, and from 0 to 100', () => {
    const hidden = fc.subarray(['email', 'phone', 'note'] as const);
    fc.assert(
      fc.property(anybody, anybody, hidden, (one, other, unseen) => {
        const { score, reasons } = likenessOf(one, other, unseen);
        expect(likenessOf(other, one, unseen)).toEqual({ score, reasons });
        expect(score).toBeGreaterThanOrEqual(0);
        expect(score).toBeLessThanOrEqual(100);
        for (const reason of reasons) expect(REASONS).toContain(reason);
      }),
    );
  });

  it('is whole of somebody with the same in other spellings and other fields', () => {
    fc.assert(
      fc.property(somebody, (one) => {
        const other = {
          firstName: `${one.firstName.toUpperCase()} ${one.lastName.normalize('NFD')}`,
          lastName: null,
          email: ` ${one.email.toUpperCase()}`,
          phone: `00${one.phone}`,
        };
        expect(likenessOf(one, other).score).toBe(95);
      }),
    );
  });
});
