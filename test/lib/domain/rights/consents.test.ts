import { describe, expect, it } from '@jest/globals';
import { fc } from '#test/support/fast-check.ts';
import {
  addressField,
  byWeight,
  CHANNELS,
  type Consent,
  inEffect,
  isProven,
  isSuppressed,
  matterOf,
  mattersIn,
  needsGrant,
  standingOf,
  type Statement,
} from '#lib/domain/rights/consents.ts';
import { newStatements } from '#lib/domain/rights/recorded-consents.ts';
import { sized } from '#test/support/promise.ts';
import { aConsent, aStatement } from './samples.ts';
import { SEED } from '#test/support/seed.ts';

const RUNS = sized({ short: 500, full: 10_000 });
const MOMENTS = [1, 2, 3, 4, 5].map((day) => new Date(Date.UTC(2026, 0, day)));

const statements: fc.Arbitrary<Statement> = fc.record({
  purpose: fc.constantFrom('marketing', 'reminders', 'feedback'),
  channel: fc.constantFrom('email', 'sms', 'push'),
  granted: fc.boolean(),
  source: fc.constantFrom('desk', 'form'),
  lawfulBasis: fc.constantFrom('consent', 'legitimate-interests'),
  textVersion: fc.constantFrom(null, 'v1'),
  proofRef: fc.constantFrom(null, 'box/7'),
  givenAt: fc.constantFrom(...MOMENTS),
});

/** Records statements one request after the other, as the route does. */
const recorded = (sequence: readonly Statement[]): readonly Consent[] => {
  const consents: Consent[] = [];
  for (const [index, statement] of sequence.entries()) {
    const now = new Date(Date.UTC(2026, 5, 1) + index);
    const found = newStatements([statement], { consents, suppressions: new Map(), now });
    for (const one of found)
      consents.push(aConsent({ ...one, recordedAt: now, id: String(index).padStart(24, '0') }));
  }
  return consents;
};

/** The model: of the newest statements about a matter, one refusal is enough. */
const model = (sequence: readonly Statement[]): Record<string, boolean> => {
  const decided: Record<string, { at: number; granted: boolean }> = {};
  for (const { purpose, channel, granted, givenAt } of sequence) {
    const matter = `${purpose}:${channel}`;
    const before = decided[matter];
    if (before === undefined || givenAt.getTime() > before.at)
      decided[matter] = { at: givenAt.getTime(), granted };
    else if (givenAt.getTime() === before.at && !granted) before.granted = false;
  }
  return Object.fromEntries(Object.entries(decided).map(([matter, { granted }]) => [matter, granted]));
};

const decisions = (consents: readonly Consent[]): Record<string, boolean> =>
  Object.fromEntries(inEffect(consents).map((consent) => [matterOf(consent), consent.granted]));

describe('what is in effect', () => {
  it(`agrees with a model for ${String(RUNS)} sequences, shuffled and doubled`, () => {
    const sequences = fc
      .array(statements, { maxLength: 30 })
      .chain((sequence) =>
        fc.tuple(fc.constant(sequence), fc.shuffledSubarray(sequence, { minLength: sequence.length })),
      );
    fc.assert(
      fc.property(sequences, ([sequence, shuffled]) => {
        const expected = model(sequence);
        const consents = recorded(sequence);
        expect(decisions(consents)).toEqual(expected);
        expect(decisions(recorded(shuffled))).toEqual(expected);
        expect(recorded([...sequence, ...shuffled])).toEqual(consents);
        expect(decisions([...consents].reverse())).toEqual(expected);
      }),
      { numRuns: RUNS, seed: SEED },
    );
  });

  it('follows the newest statement, whenever it was recorded', () => {
    const grant = aConsent({ id: 'b', granted: true, givenAt: MOMENTS[2]!, recordedAt: MOMENTS[2]! });
    const older = aConsent({ id: 'c', granted: false, givenAt: MOMENTS[1]!, recordedAt: MOMENTS[4]! });
    expect(inEffect([grant, older])).toEqual([grant]);
    expect(inEffect([older, grant])).toEqual([grant]);
  });

  it('follows the refusal of two statements at the same time, and of two alike the later recorded', () => {
    const at = { givenAt: MOMENTS[0]! };
    const refusal = aConsent({ ...at, id: 'a', granted: false, recordedAt: MOMENTS[1]! });
    const grant = aConsent({ ...at, id: 'b', granted: true, recordedAt: MOMENTS[2]! });
    const later = aConsent({ ...at, id: 'c', granted: false, recordedAt: MOMENTS[2]! });
    const sameTime = aConsent({ ...at, id: 'd', granted: false, recordedAt: MOMENTS[2]! });
    expect([grant, refusal, later, sameTime].sort(byWeight)).toEqual([sameTime, later, refusal, grant]);
    expect([sameTime, later, refusal, grant].sort(byWeight)).toEqual([sameTime, later, refusal, grant]);
  });

  it('knows nothing of a copied grant that was taken back', () => {
    const copied = aConsent({ id: 'a', copiedFrom: 'loser' });
    const back = aConsent({ id: 'b', granted: false, copiedFrom: 'loser', takesBack: 'a' });
    const other = aConsent({ id: 'c', purpose: 'feedback' });
    expect(inEffect([copied, back, other])).toEqual([other]);
  });

  it('lists the newest first', () => {
    const old = aConsent({ id: 'a', purpose: 'feedback', givenAt: MOMENTS[0]! });
    const recent = aConsent({ id: 'b', givenAt: MOMENTS[3]! });
    expect(inEffect([old, recent])).toEqual([recent, old]);
  });
});

describe('what a customer may be reached for', () => {
  it.each([
    ['order-updates', false],
    ['reminders', false],
    ['marketing', true],
    ['profiling', true],
    ['anything-else', true],
  ])('%s needs a grant: %s', (purpose, expected) => {
    expect(needsGrant(purpose)).toBe(expected);
  });

  it.each([
    [{ granted: true, textVersion: null, proofRef: null }, false],
    [{ granted: true, textVersion: 'v1', proofRef: null }, true],
    [{ granted: true, textVersion: null, proofRef: 'box/7' }, true],
    [{ granted: true, textVersion: null, proofRef: null, lawfulBasis: 'contract' as const }, true],
    [{ granted: false, textVersion: null, proofRef: null }, true],
  ])('a statement %j is proven: %s', (parts, expected) => {
    expect(isProven(aStatement(parts))).toBe(expected);
  });

  it('reads matters from texts, and leaves out what names none', () => {
    expect(mattersIn(['marketing:email', 'marketing', 'marketing:fax', '', 'feedback:push'])).toEqual([
      { purpose: 'marketing', channel: 'email' },
      { purpose: 'feedback', channel: 'push' },
    ]);
  });

  it('finds the address of each channel', () => {
    expect(CHANNELS.map(addressField)).toEqual(['email', 'phone', null, 'phone', null]);
  });

  it('sums up what is granted, refused and reachable', () => {
    const current = [
      aConsent({ channel: 'sms' }),
      aConsent({ channel: 'push' }),
      aConsent({ channel: 'post' }),
      aConsent({ channel: 'email' }),
      aConsent({ purpose: 'feedback', channel: 'sms', granted: false }),
      aConsent({ purpose: 'feedback', channel: 'email', granted: false }),
    ];
    expect(standingOf(current, { email: 'anna@example.com', phone: null }, new Map())).toEqual({
      granted: ['marketing:email', 'marketing:post', 'marketing:push', 'marketing:sms'],
      refused: ['feedback:email', 'feedback:sms'],
      mayReach: ['marketing:email', 'marketing:post', 'marketing:push'],
    });
  });

  it.each([
    [MOMENTS[0]!, false],
    [MOMENTS[1]!, true],
    [MOMENTS[2]!, true],
  ])('a refusal for the address at %s outweighs a grant: %s', (refusedAt, expected) => {
    const grant = aConsent({ givenAt: MOMENTS[1]! });
    const suppressions = new Map([['marketing:email', refusedAt]]);
    expect(isSuppressed(grant, suppressions)).toBe(expected);
    expect(isSuppressed({ ...grant, purpose: 'feedback' }, suppressions)).toBe(false);
    expect(isSuppressed({ ...grant, granted: false }, suppressions)).toBe(false);
    const { mayReach } = standingOf([grant], { email: 'anna@example.com', phone: null }, suppressions);
    expect(mayReach).toEqual(expected ? [] : ['marketing:email']);
  });
});
