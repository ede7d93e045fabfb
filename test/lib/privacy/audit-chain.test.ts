import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ROLES } from '#lib/domain/actor.ts';
import type { AuditEntry } from '#lib/domain/audit-entry.ts';
import { CUSTOMER_STATES } from '#lib/domain/customer-state.ts';
import {
  auditHash,
  type AuditHead,
  rehashChain,
  type SealedAuditEntry,
  verifyChain,
} from '#lib/privacy/audit-chain.ts';
import { aRing, BUSINESS, OTHER_BUSINESS, someKeys } from './rings.ts';

const CUSTOMER = '6f1d7f3a9c3b4e2d8a6c1b0c';
const keys = someKeys(BUSINESS, aRing(2, 1));
const NO_HEAD: AuditHead = { seq: 0, hash: new Uint8Array() };

type Happening = Omit<AuditEntry, 'seq' | 'businessId' | 'customerId'>;

const chain = (happenings: readonly Happening[]): SealedAuditEntry[] => {
  const entries: SealedAuditEntry[] = [];
  for (const [index, happening] of happenings.entries()) {
    const entry = { ...happening, seq: index + 1, businessId: BUSINESS, customerId: CUSTOMER };
    entries.push({ ...entry, hash: auditHash(keys, entry, entries.at(-1)?.hash ?? null) });
  }
  return entries;
};

const headOf = (entries: readonly SealedAuditEntry[]): AuditHead => entries.at(-1) ?? NO_HEAD;

const someState = fc.option(fc.constantFrom(...CUSTOMER_STATES));
const happening: fc.Arbitrary<Happening> = fc.record({
  at: fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('2100-01-01') }),
  actor: fc.string({ maxLength: 20 }),
  role: fc.option(fc.constantFrom(...ROLES)),
  purpose: fc.constantFrom('manage-relationship', 'keep-data-accurate'),
  requestId: fc.uuid(),
  action: fc.constantFrom('create-customer', 'change-customer'),
  from: someState,
  to: someState,
  fields: fc.array(fc.constantFrom('email', 'phone', 'state'), { maxLength: 3 }),
  keyId: fc.constantFrom('k1', 'k2'),
});
const chains = fc.array(happening, { minLength: 2, maxLength: 12 }).map(chain);

/** Each way to alter one entry; each gives another entry than it got. */
const edits: ((entry: SealedAuditEntry) => SealedAuditEntry)[] = [
  (entry) => ({ ...entry, seq: entry.seq + 1 }),
  (entry) => ({ ...entry, at: new Date(entry.at.getTime() + 1) }),
  (entry) => ({ ...entry, businessId: OTHER_BUSINESS }),
  (entry) => ({ ...entry, customerId: OTHER_BUSINESS }),
  (entry) => ({ ...entry, actor: `${entry.actor}x` }),
  (entry) => ({ ...entry, role: entry.role === 'OWNER' ? null : 'OWNER' }),
  (entry) => ({ ...entry, purpose: 'find-customer' }),
  (entry) => ({ ...entry, requestId: `${entry.requestId}x` }),
  (entry) => ({ ...entry, action: 'delete-customer' }),
  (entry) => ({ ...entry, from: entry.from === 'active' ? null : 'active' }),
  (entry) => ({ ...entry, to: entry.to === 'deleted' ? null : 'deleted' }),
  (entry) => ({ ...entry, fields: [...entry.fields, 'note'] }),
  (entry) => ({ ...entry, keyId: entry.keyId === 'k1' ? 'k2' : 'k1' }),
  (entry) => ({ ...entry, keyId: 'k9' }),
  (entry) => ({
    ...entry,
    hash: Uint8Array.from(entry.hash, (byte, index) => (index === 31 ? byte ^ 1 : byte)),
  }),
  (entry) => ({ ...entry, hash: entry.hash.subarray(0, 31) }),
];

describe('the chain of an audit', () => {
  it('is true as it was written, across a rotation of keys', () => {
    fc.assert(
      fc.property(chains, (entries) => {
        expect(verifyChain(keys, entries, headOf(entries))).toBe(true);
      }),
    );
    expect(verifyChain(keys, [], NO_HEAD)).toBe(true);
  });

  it('is true after a round trip through a database, with its fields in another order', () => {
    fc.assert(
      fc.property(chains, (entries) => {
        const read = entries.map((entry) => ({
          ...Object.fromEntries(Object.entries(entry).reverse()),
          hash: Uint8Array.from(entry.hash),
        })) as SealedAuditEntry[];
        expect(verifyChain(keys, read, headOf(entries))).toBe(true);
      }),
    );
  });

  it.each(edits.map((edit, index) => [index, edit] as const))('shows edit %i of any entry', (_, edit) => {
    fc.assert(
      fc.property(chains, fc.nat(), (entries, pick) => {
        const at = pick % entries.length;
        const altered = entries.map((entry, index) => (index === at ? edit(entry) : entry));
        expect(verifyChain(keys, altered, headOf(entries))).toBe(false);
      }),
    );
  });

  it('shows a dropped, doubled or swapped entry, renumbered or not, and a cut or a grown tail', () => {
    const renumber = (entries: SealedAuditEntry[]) =>
      entries.map((entry, index) => ({ ...entry, seq: index + 1 }));
    fc.assert(
      fc.property(chains, fc.nat(), (entries, pick) => {
        const at = pick % (entries.length - 1);
        const [one, other] = entries.slice(at, at + 2) as [SealedAuditEntry, SealedAuditEntry];
        const altered = [
          entries.toSpliced(at, 1),
          entries.toSpliced(at, 0, one),
          entries.toSpliced(at, 2, other, one),
          entries.slice(0, at + 1),
          [...entries, { ...one, seq: entries.length + 1 }],
          [],
        ];
        for (const sequence of altered) {
          expect(verifyChain(keys, sequence, headOf(entries))).toBe(false);
          expect(verifyChain(keys, renumber(sequence), headOf(entries))).toBe(false);
        }
      }),
    );
  });

  it('shows a head that was set back, and one that was lost', () => {
    const entries = chain(fc.sample(happening, 3));
    expect(verifyChain(keys, entries, headOf(entries.slice(0, 2)))).toBe(false);
    expect(verifyChain(keys, entries, NO_HEAD)).toBe(false);
    expect(verifyChain(keys, entries, { ...headOf(entries), seq: 4 })).toBe(false);
    expect(verifyChain(keys, entries, { ...headOf(entries.slice(0, 2)), seq: 3 })).toBe(false);
  });

  it('is nothing to another business', () => {
    const entries = chain(fc.sample(happening, 2));
    expect(verifyChain(someKeys(OTHER_BUSINESS, aRing(2, 1)), entries, headOf(entries))).toBe(false);
  });

  it('hashes this entry so for ever', () => {
    const entry: AuditEntry = {
      seq: 1,
      at: new Date(0),
      businessId: BUSINESS,
      customerId: CUSTOMER,
      actor: 'user-1',
      role: 'OWNER',
      purpose: 'manage-relationship',
      requestId: 'request-1',
      action: 'create-customer',
      from: null,
      to: 'active',
      fields: ['email'],
      keyId: 'k1',
    };
    expect(auditHash(keys, entry, null).toString('hex')).toBe(
      'f3fb2b6ab6e71c0e66d2fb13e7c1fc51662bd0a5866e19cd465f3c44949aa7d0',
    );
  });
});

describe('a chain that is hashed anew', () => {
  it('is true with the current key alone, and says the same', () => {
    fc.assert(
      fc.property(chains, (entries) => {
        const rehashed = rehashChain(keys, entries, headOf(entries)) ?? [];
        const onlyCurrent = someKeys(BUSINESS, aRing(2));
        expect(verifyChain(onlyCurrent, rehashed, headOf(rehashed))).toBe(true);
        const said = (chained: readonly SealedAuditEntry[]) =>
          chained.map(({ hash: _hash, keyId: _keyId, ...entry }) => entry);
        expect(said(rehashed)).toEqual(said(entries));
      }),
    );
  });

  it('comes out of no chain that was tampered with', () => {
    fc.assert(
      fc.property(chains, fc.nat(), fc.constantFrom(...edits), (entries, at, edit) => {
        const edited = entries.map((entry, index) => (index === at % entries.length ? edit(entry) : entry));
        expect(rehashChain(keys, edited, headOf(entries))).toBeNull();
      }),
    );
    expect(rehashChain(keys, [], NO_HEAD)).toEqual([]);
  });
});
