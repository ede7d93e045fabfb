import { describe, expect, it } from '@jest/globals';
import { ConsentDraft, ConsentDto, toConsentDto, toStatements } from '#lib/contract/consents-dto.ts';
import { ROLES } from '#lib/domain/access/scope.ts';
import { CHANNELS, LAWFUL_BASES } from '#lib/domain/rights/consents.ts';
import { aConsent } from '../domain/rights/samples.ts';

const SENT = {
  purpose: 'marketing',
  channel: 'email',
  granted: true,
  source: 'desk',
  lawfulBasis: 'consent',
} as const;
const NONE = new Map<string, Date>();

/** The message about a draft with this part; null when it is valid. */
const complaint = (part: object): string | null =>
  ConsentDraft.safeParse({ ...SENT, ...part })
    .error?.issues.map(({ message }) => message)
    .join() ?? null;

describe('a statement in a request', () => {
  it('may leave out its text, its proof and its time', () => {
    const draft = ConsentDraft.parse(SENT);
    expect(draft).toStrictEqual(SENT);
    expect(toStatements([draft])).toStrictEqual([
      { ...SENT, textVersion: null, proofRef: null, givenAt: null },
    ]);
  });

  it('keeps what was sent, its time as a moment', () => {
    const whole = { ...SENT, granted: false, textVersion: 'v1', proofRef: 'box/7' };
    const draft = ConsentDraft.parse({ ...whole, givenAt: '2026-01-31T12:00:00+01:00' });
    const expected = { ...whole, givenAt: new Date('2026-01-31T11:00:00.000Z') };
    expect(draft).toStrictEqual(expected);
    expect(toStatements([draft, draft])).toStrictEqual([expected, expected]);
  });

  it.each(['purpose', 'source'])('has a word as its %s', (field) => {
    for (const word of ['ab', 'a1', 'order-updates', `a${'-'.repeat(39)}`])
      expect(complaint({ [field]: word })).toBeNull();
    for (const wrong of ['', 'a', `a${'b'.repeat(40)}`, '1a', '-a', 'Ab', 'aB', 'a b', 'a_b', ' ab', 'ab '])
      expect(complaint({ [field]: wrong })).toMatch(/2 to 40 characters: a-z, 0-9 and hyphen/);
  });

  it.each(['textVersion', 'proofRef'])('has a reference without spaces as its %s', (field) => {
    for (const reference of ['1', 'Az09._:/#-', 'x'.repeat(100)])
      expect(complaint({ [field]: reference })).toBeNull();
    for (const wrong of ['', 'x'.repeat(101), 'two words', ' x', 'x ', 'x\n', 'a@b', 'ä'])
      expect(complaint({ [field]: wrong })).toMatch(/1 to 100 characters: letters, digits and/);
  });

  it.each(CHANNELS)('may be about the channel %s', (channel) => {
    expect(complaint({ channel })).toBeNull();
  });

  it.each(LAWFUL_BASES)('may rest on %s', (lawfulBasis) => {
    expect(complaint({ lawfulBasis })).toBeNull();
  });

  it.each([
    { purpose: undefined },
    { channel: undefined },
    { channel: 'fax' },
    { granted: undefined },
    { granted: 'yes' },
    { source: undefined },
    { lawfulBasis: undefined },
    { lawfulBasis: 'hope' },
    { givenAt: 'yesterday' },
    { recordedAt: '2026-01-31T12:00:00.000Z' },
    { email: 'anna@example.com' },
  ])('cannot have %j', (part) => {
    expect(complaint(part)).not.toBeNull();
  });
});

describe('a statement in an answer', () => {
  const KEPT = { ...SENT, givenAt: '2026-01-01T00:00:00.000Z', recordedAt: '2026-01-02T03:04:05.006Z' };
  const recordedAt = new Date(KEPT.recordedAt);

  it('has the role of who recorded it, and nothing from inside', () => {
    const dto = toConsentDto(aConsent({ recordedAt, proofRef: 'box/7', copiedFrom: 'b'.repeat(24) }), NONE);
    const expected = { ...KEPT, textVersion: 'v1', proofRef: 'box/7', by: 'SPECIALIST', proven: true };
    expect(dto).toStrictEqual(expected);
    expect(ConsentDto.parse(dto)).toStrictEqual(expected);
  });

  it('is not proven with neither a text nor a proof', () => {
    const dto = toConsentDto(aConsent({ recordedAt, textVersion: null }), NONE);
    expect(dto).toStrictEqual({ ...KEPT, by: 'SPECIALIST', proven: false });
    expect(ConsentDto.parse(dto)).toStrictEqual(dto);
  });

  it('says that a refusal for the address outweighs a grant, and only then', () => {
    const suppressions = new Map([['marketing:email', recordedAt]]);
    const dto = toConsentDto(aConsent(), suppressions);
    expect(dto).toHaveProperty('suppressed', true);
    expect(ConsentDto.parse(dto)).toStrictEqual(dto);
    expect(toConsentDto(aConsent({ granted: false }), suppressions)).not.toHaveProperty('suppressed');
    expect(toConsentDto(aConsent({ channel: 'sms' }), suppressions)).not.toHaveProperty('suppressed');
  });

  it.each(ROLES)('may be recorded by the role %s', (role) => {
    const dto = toConsentDto(aConsent({ role }), NONE);
    expect(ConsentDto.parse(dto).by).toBe(role);
  });

  it.each([
    { givenAt: undefined },
    { recordedAt: undefined },
    { by: 'GUEST' },
    { proven: undefined },
    { suppressed: false },
    { purpose: 'two words' },
  ])('cannot have %j', (part) => {
    const wrong = { ...toConsentDto(aConsent(), NONE), ...part };
    expect(ConsentDto.safeParse(wrong).success).toBe(false);
  });
});
