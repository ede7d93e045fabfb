import { describe, expect, it } from '@jest/globals';
import {
  copiedByMerge,
  fieldsOf,
  hasGrant,
  inEffectFor,
  newStatements,
  refuseSuppressed,
  requireCredibleTimes,
  takenBackByUnmerge,
} from '#lib/domain/rights/recorded-consents.ts';
import { aConsent, aStatement, refusalOf } from './samples.ts';

const NOW = new Date('2026-06-01T12:00:00.000Z');
const day = (number: number) => new Date(Date.UTC(2026, 0, number));
const NONE = new Map<string, Date>();

describe('when a person said it', () => {
  it.each(['1990-01-01T00:00:00.000Z', '2026-06-01T12:05:00.000Z'])('may be %s', (text) => {
    expect(() => {
      requireCredibleTimes([aStatement({ givenAt: new Date(text) })], NOW);
    }).not.toThrow();
  });

  it('may be left out', () => {
    expect(() => {
      requireCredibleTimes([{ ...aStatement(), givenAt: null }], NOW);
    }).not.toThrow();
  });

  it.each([
    ['1989-12-31T23:59:59.999Z', 'too-early', 'This must not be before 1990.'],
    ['2026-06-01T12:05:00.001Z', 'in-the-future', 'This must not be more than 5 minutes ahead.'],
  ])('may not be %s', (text, error, message) => {
    const sent = [aStatement(), aStatement({ givenAt: new Date(text) })];
    const refusal = refusalOf(() => {
      requireCredibleTimes(sent, NOW);
    });
    expect(refusal).toMatchObject({
      code: 'invalid-request',
      message: 'Some fields are not valid: consents/1/givenAt.',
      details: { violations: [{ in: 'body', pointer: '#/consents/1/givenAt', error, message }] },
    });
  });
});

describe('what adds to a history', () => {
  const consents = [aConsent({ givenAt: day(2) })];
  const added = (sent: Parameters<typeof newStatements>[0], suppressions = NONE) =>
    newStatements(sent, { consents, suppressions, now: NOW });

  it('is a statement at another time', () => {
    const sent = [aStatement({ givenAt: day(1) })];
    expect(added(sent)).toEqual(sent);
  });

  it('is what a person says of a copied grant that was taken back', () => {
    const copied = aConsent({ id: '1'.repeat(24), givenAt: day(2), copiedFrom: '2'.repeat(24) });
    const taking = aConsent({ id: '3'.repeat(24), givenAt: day(2), granted: false, takesBack: copied.id });
    const sent = [aStatement({ givenAt: day(2) })];
    const after = { consents: [copied, taking], suppressions: NONE, now: NOW };
    expect(newStatements(sent, after)).toEqual(sent);
    expect(newStatements(sent, { ...after, consents: [copied] })).toEqual([]);
  });

  it('is not the same statement at the same time, and not twice in one request', () => {
    expect(added([aStatement({ givenAt: day(2) })])).toEqual([]);
    const twice = aStatement({ givenAt: day(3) });
    expect(added([twice, twice])).toEqual([twice]);
    const now = { ...aStatement({ granted: false }), givenAt: null };
    expect(added([now, now])).toEqual([{ ...now, givenAt: NOW }]);
  });

  it('is each of several statements in one request that differ in their time or in anything else', () => {
    const sent = [
      aStatement({ givenAt: day(3) }),
      aStatement({ givenAt: day(4) }),
      aStatement({ givenAt: day(3), source: 'form' }),
    ];
    expect(added(sent)).toEqual(sent);
  });

  it.each([
    { purpose: 'feedback' },
    { channel: 'sms' as const },
    { granted: false },
    { source: 'form' },
    { lawfulBasis: 'contract' as const },
    { textVersion: 'v2' },
    { proofRef: 'box/7' },
  ])('is a statement at the same time that differs by %j', (part) => {
    const sent = [aStatement({ ...part, givenAt: day(2) })];
    expect(added(sent)).toEqual(sent);
  });

  it('is not a statement without a time that repeats what is in effect', () => {
    expect(added([{ ...aStatement(), givenAt: null }])).toEqual([]);
  });

  it('is the repeated grant if a refusal for the address outweighs the one in effect', () => {
    const suppressions = new Map([['marketing:email', day(3)]]);
    expect(added([{ ...aStatement(), givenAt: null }], suppressions)).toEqual([aStatement({ givenAt: NOW })]);
  });

  it('is the same statement at the time of an entry that only takes a grant back', () => {
    const back = aConsent({ granted: false, takesBack: 'x', givenAt: day(2) });
    const refusal = aStatement({ granted: false, givenAt: day(2) });
    expect(newStatements([refusal], { consents: [back], suppressions: NONE, now: NOW })).toEqual([refusal]);
  });
});

describe('a grant for an address whose refusal is kept', () => {
  const suppressions = new Map([['marketing:email', day(5)]]);
  const refuse =
    (givenAt: Date, consents: Parameters<typeof refuseSuppressed>[1]['consents'] = []) =>
    () => {
      refuseSuppressed([aStatement({ givenAt })], { consents, suppressions });
    };

  it('is refused unless it is newer', () => {
    expect(refusalOf(refuse(day(4)))).toMatchObject({
      code: 'suppressed',
      message:
        'This address has refused marketing:email, and the grant is not newer. Ask the person again, and send when they agreed.',
    });
    expect(refusalOf(refuse(day(5)))).toMatchObject({ code: 'suppressed' });
    expect(refuse(day(6))).not.toThrow();
  });

  it('is allowed where the history itself outweighs it', () => {
    expect(refuse(day(4), [aConsent({ granted: false, givenAt: day(4) })])).not.toThrow();
    expect(refuse(day(4), [aConsent({ granted: false, givenAt: day(5) })])).not.toThrow();
    const others = [
      aConsent({ granted: false, givenAt: day(3) }),
      aConsent({ granted: true, givenAt: day(5) }),
      aConsent({ granted: false, givenAt: day(5), purpose: 'feedback' }),
      aConsent({ granted: false, givenAt: day(5), takesBack: 'x' }),
    ];
    expect(refusalOf(refuse(day(4), others))).toMatchObject({ code: 'suppressed' });
  });

  it('is allowed beside a newer refusal of the same request', () => {
    const added = [aStatement({ givenAt: day(4) }), aStatement({ granted: false, givenAt: day(6) })];
    expect(() => {
      refuseSuppressed(added, { consents: [], suppressions });
    }).not.toThrow();
  });

  it('names each matter once', () => {
    const added = [aStatement({ givenAt: day(3) }), aStatement({ givenAt: day(4) })];
    const refusal = refusalOf(() => {
      refuseSuppressed(added, { consents: [], suppressions });
    });
    expect(refusal.message).toMatch(/^This address has refused marketing:email, and/);
  });

  it('names every matter', () => {
    const both = new Map([...suppressions, ['feedback:email', day(5)]] as const);
    const added = [aStatement({ givenAt: day(4) }), aStatement({ givenAt: day(4), purpose: 'feedback' })];
    const refusal = refusalOf(() => {
      refuseSuppressed(added, { consents: [], suppressions: both });
    });
    expect(refusal.message).toMatch(/^This address has refused marketing:email, feedback:email, and/);
  });
});

describe('grants among statements', () => {
  it('are found', () => {
    expect(hasGrant([aStatement({ granted: false }), aStatement()])).toBe(true);
    expect(hasGrant([aStatement({ granted: false })])).toBe(false);
  });
});

describe('a merge', () => {
  it('copies each refusal, and a grant only where the survivor has said nothing', () => {
    const refusal = aConsent({ id: 'a', granted: false, givenAt: day(1) });
    const grant = aConsent({ id: 'b', purpose: 'feedback' });
    expect(copiedByMerge([], [refusal, grant])).toEqual([refusal, grant]);
    const survivor = [aConsent({ givenAt: day(9) }), aConsent({ purpose: 'feedback', granted: false })];
    expect(copiedByMerge(survivor, [refusal, grant])).toEqual([refusal]);
  });

  it('copies only what is in effect, and no refusal that the survivor holds already', () => {
    const older = aConsent({ id: 'a', granted: false, givenAt: day(1) });
    const newer = aConsent({ id: 'b', granted: true, givenAt: day(2) });
    expect(copiedByMerge([], [older, newer])).toEqual([newer]);
    expect(copiedByMerge([aConsent({ id: 'z', granted: false, givenAt: day(1) })], [older])).toEqual([]);
    expect(copiedByMerge([aConsent({ id: 'z', granted: false, givenAt: day(2) })], [older])).toEqual([older]);
    expect(copiedByMerge([aConsent({ id: 'z', givenAt: day(1) })], [older])).toEqual([older]);
  });

  it('gives back the copied grants of its loser when it is undone, each once', () => {
    const own = aConsent({ id: 'a' });
    const copied = aConsent({ id: 'b', purpose: 'feedback', copiedFrom: 'loser', givenAt: day(1) });
    const newer = aConsent({ id: 'c', purpose: 'profiling', copiedFrom: 'loser', givenAt: day(2) });
    const refusal = aConsent({ id: 'd', granted: false, copiedFrom: 'loser' });
    const ofOther = aConsent({ id: 'e', copiedFrom: 'other' });
    const earlier = aConsent({ id: 'f', channel: 'sms', copiedFrom: 'loser' });
    const back = aConsent({ id: 'g', channel: 'sms', copiedFrom: 'loser', takesBack: 'f', granted: false });
    const survivor = [own, copied, newer, refusal, ofOther, earlier, back];
    expect(takenBackByUnmerge(survivor, 'loser')).toEqual([newer, copied]);
  });

  it('never takes back an entry that takes one back', () => {
    const back = aConsent({ id: 'b', copiedFrom: 'loser', takesBack: 'a' });
    expect(takenBackByUnmerge([back], 'loser')).toEqual([]);
  });
});

describe('what an event and a history entry say about new entries', () => {
  const kept = [
    aConsent({ id: '1'.repeat(24), granted: false, givenAt: day(5) }),
    aConsent({ id: '2'.repeat(24), channel: 'sms', givenAt: day(1) }),
  ];
  const added = [
    aConsent({ id: '3'.repeat(24), givenAt: day(4) }),
    aConsent({ id: '4'.repeat(24), channel: 'push', givenAt: day(3) }),
    aConsent({ id: '5'.repeat(24), channel: 'push', givenAt: day(2), granted: false }),
  ];

  it('is what is in effect for the matters that they are about, the newest first', () => {
    expect(inEffectFor(added, kept)).toEqual([
      { purpose: 'marketing', channel: 'email', granted: false },
      { purpose: 'marketing', channel: 'push', granted: true },
    ]);
    expect(inEffectFor([], kept)).toEqual([]);
  });

  it('is each matter once, in order', () => {
    expect(fieldsOf(added.toReversed())).toEqual(['consent:marketing:email', 'consent:marketing:push']);
  });
});
