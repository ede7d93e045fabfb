import { describe, expect, it } from '@jest/globals';
import { fc } from '#test/support/fast-check.ts';
import { CUSTOMER_STATES } from '#lib/domain/customers/customer-state.ts';
import {
  type HashedEntry,
  historyHash,
  rehashChain,
  type SealedHistoryEntry,
  verifyChain,
} from '#lib/privacy/history-chain.ts';
import { type SealedHead, sealHead } from '#lib/privacy/history-seal.ts';
import { chainOf, chains, CUSTOMER, formerChains, happening, headOf, keys } from './histories.ts';
import { aRing, BUSINESS, OTHER_BUSINESS, someKeys } from './rings.ts';

const commitmentsOf = (entries: readonly SealedHistoryEntry[]) =>
  entries.map(({ reasonCommitment }) => reasonCommitment);

/** Each way to alter one entry; each gives another entry than it got. */
const edits: ((entry: SealedHistoryEntry) => SealedHistoryEntry)[] = [
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
  (entry) => ({ ...entry, form: entry.form === 1 ? 2 : 1 }),
  (entry) => ({
    ...entry,
    hash: Uint8Array.from(entry.hash, (byte, index) => (index === 31 ? byte ^ 1 : byte)),
  }),
  (entry) => ({ ...entry, hash: entry.hash.subarray(0, 31) }),
];
/** Ways that entries of an earlier version do not show. */
const laterEdits: typeof edits = [
  (entry) => ({ ...entry, id: 'f'.repeat(24) }),
  (entry) => ({ ...entry, reasonCommitment: entry.reasonCommitment === null ? new Uint8Array(32) : null }),
  (entry) => ({ ...entry, reasonCommitment: new Uint8Array(32).fill(7) }),
];

/** Each way to alter a head. */
const headEdits: Readonly<Record<string, (head: SealedHead) => SealedHead>> = {
  'another business': (head) => ({ ...head, businessId: OTHER_BUSINESS }),
  'another customer': (head) => ({ ...head, customerId: OTHER_BUSINESS }),
  'another number': (head) => ({ ...head, seq: head.seq + 1 }),
  'another hash': (head) => ({ ...head, hash: new Uint8Array(32) }),
  'another state': (head) => ({ ...head, state: head.state === 'active' ? 'archived' : 'active' }),
  'another version': (head) => ({ ...head, version: (head.version ?? 0) + 1 }),
  'no version': (head) => ({ ...head, version: null }),
  'no seal': (head) => ({ ...head, seal: null }),
  'an empty seal': (head) => ({ ...head, seal: new Uint8Array() }),
  'a seal without a key': (head) => ({ ...head, seal: new Uint8Array(40) }),
  'the seal of another key': (head) => ({ ...head, seal: sealHead(someKeys(BUSINESS, aRing(9)), head) }),
  'a byte of the seal': (head) => ({
    ...head,
    seal: Uint8Array.from(head.seal ?? [], (byte, index) => (index === 20 ? byte ^ 1 : byte)),
  }),
};

describe('the chain of an audit', () => {
  it('is true as it was written, across a rotation of keys', () => {
    fc.assert(
      fc.property(chains, ({ entries, head }) => {
        expect(verifyChain(keys, entries, head)).toBe(true);
      }),
    );
  });

  it('is true while entries of an earlier version are in it', () => {
    fc.assert(
      fc.property(formerChains, ({ entries, head }) => {
        expect(verifyChain(keys, entries, head)).toBe(true);
      }),
    );
  });

  it('is true where an earlier version wrote one more entry during a deployment', () => {
    const { entries } = chainOf(fc.sample(happening, 2));
    const [, last] = entries as [SealedHistoryEntry, SealedHistoryEntry];
    const late: HashedEntry = { ...last, seq: 3, form: 1, reasonCommitment: null, to: 'active' };
    const one = { ...late, hash: historyHash(keys, late, { hash: last.hash, isSealed: true }) };
    expect(verifyChain(keys, [...entries, one], headOf([...entries, one]))).toBe(true);
    const next: HashedEntry = { ...last, seq: 4, form: 2, to: 'active' };
    const other = { ...next, hash: historyHash(keys, next, { hash: one.hash, isSealed: false }) };
    expect(verifyChain(keys, [...entries, one, other], headOf([...entries, one, other]))).toBe(true);
  });

  it('is true after a round trip through a database, with its fields in another order', () => {
    fc.assert(
      fc.property(chains, ({ entries, head }) => {
        const read = entries.map((entry) => ({
          ...Object.fromEntries(Object.entries(entry).reverse()),
          hash: Uint8Array.from(entry.hash),
        })) as SealedHistoryEntry[];
        expect(verifyChain(keys, read, head)).toBe(true);
      }),
    );
  });

  it.each(edits.map((edit, index) => [index, edit] as const))('shows edit %i of any entry', (_, edit) => {
    fc.assert(
      fc.property(fc.oneof(chains, formerChains), fc.nat(), ({ entries, head }, pick) => {
        const at = pick % entries.length;
        const altered = entries.map((entry, index) => (index === at ? edit(entry) : entry));
        expect(verifyChain(keys, altered, head)).toBe(false);
      }),
    );
  });

  it.each(laterEdits.map((edit, index) => [index, edit] as const))(
    'shows edit %i of id or reason of any entry in the current form',
    (_, edit) => {
      fc.assert(
        fc.property(chains, fc.nat(), ({ entries, head }, pick) => {
          const at = pick % entries.length;
          const altered = entries.map((entry, index) => (index === at ? edit(entry) : entry));
          expect(verifyChain(keys, altered, head)).toBe(false);
        }),
      );
    },
  );

  it('shows a dropped, doubled or swapped entry, renumbered or not, and a cut or a grown tail', () => {
    const renumber = (entries: SealedHistoryEntry[]) =>
      entries.map((entry, index) => ({ ...entry, seq: index + 1 }));
    fc.assert(
      fc.property(chains, fc.nat(), ({ entries, head }, pick) => {
        const at = pick % (entries.length - 1);
        const [one, other] = entries.slice(at, at + 2) as [SealedHistoryEntry, SealedHistoryEntry];
        const altered = [
          entries.toSpliced(at, 1),
          entries.toSpliced(at, 0, one),
          entries.toSpliced(at, 2, other, one),
          entries.slice(0, at + 1),
          [...entries, { ...one, seq: entries.length + 1 }],
          [],
        ];
        for (const sequence of altered) {
          expect(verifyChain(keys, sequence, head)).toBe(false);
          expect(verifyChain(keys, renumber(sequence), head)).toBe(false);
        }
      }),
    );
  });

  it.each(Object.entries(headEdits))('shows a head with %s', (_what, edit) => {
    fc.assert(
      fc.property(chains, ({ entries, head }) => {
        expect(verifyChain(keys, entries, edit(head))).toBe(false);
      }),
    );
  });

  it('shows that it was cut, whatever of the head is set back to an earlier entry', () => {
    fc.assert(
      fc.property(chains, fc.nat(), ({ entries, head }, pick) => {
        const left = entries.slice(0, 1 + (pick % (entries.length - 1)));
        const { seal: _seal, ...earlier } = headOf(left);
        for (const seal of [head.seal, left.at(-1)?.hash ?? null, null])
          expect(verifyChain(keys, left, { ...earlier, seal })).toBe(false);
        expect(verifyChain(keys, [], { ...head, seq: 0, hash: new Uint8Array() })).toBe(false);
      }),
    );
  });

  it('is never empty', () => {
    expect(verifyChain(keys, [], headOf([]))).toBe(false);
  });

  it('shows another state than the last transition led to, also where an earlier version wrote it', () => {
    fc.assert(
      fc.property(formerChains, fc.constantFrom(...CUSTOMER_STATES), ({ entries, head }, state) => {
        expect(verifyChain(keys, entries, { ...head, state })).toBe(state === head.state);
      }),
    );
  });

  it('is nothing to another business', () => {
    const { entries, head } = chainOf(fc.sample(happening, 2));
    expect(verifyChain(someKeys(OTHER_BUSINESS, aRing(2, 1)), entries, head)).toBe(false);
  });

  const ENTRY: HashedEntry = {
    seq: 1,
    id: '7f1d7f3a9c3b4e2d8a6c1b0d',
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
    form: 1,
    reasonCommitment: null,
  };

  it('hashes this entry so for ever', () => {
    expect(historyHash(keys, ENTRY, null).toString('hex')).toBe(
      'f3fb2b6ab6e71c0e66d2fb13e7c1fc51662bd0a5866e19cd465f3c44949aa7d0',
    );
  });

  it.each([
    [null, 'b9cd90ae34e1261ad68fdfa1d15af135780910bb9b5fdcb45f9b647bd2767271'],
    [true, 'be3546a5109c71667c2d676bf43e43c1edef3d5630f716e97b94cac6118811bd'],
    [false, '93096ae849f8e057bf8d65005dc97dbc1789ae3816792a2342e65e6514be9c9a'],
  ])('and in the current form so, after an entry with a sealed head: %s', (isSealed, expected) => {
    const entry: HashedEntry = { ...ENTRY, form: 2, reasonCommitment: new Uint8Array(32) };
    const previous = isSealed === null ? null : { hash: new Uint8Array(32), isSealed };
    expect(historyHash(keys, entry, previous).toString('hex')).toBe(expected);
  });
});

describe('a chain that is hashed again', () => {
  const rehashed = ({ entries, head }: { entries: readonly SealedHistoryEntry[]; head: SealedHead }) =>
    rehashChain(keys, { entries, head }, commitmentsOf(entries));

  it('is true with the current key alone, and says the same in the current form', () => {
    fc.assert(
      fc.property(fc.oneof(chains, formerChains), ({ entries, head }) => {
        const { entries: renewed = [], hash = head.hash, seal = null } = rehashed({ entries, head }) ?? {};
        const onlyCurrent = someKeys(BUSINESS, aRing(2));
        expect(verifyChain(onlyCurrent, renewed, { ...head, hash, seal })).toBe(true);
        const said = (chained: readonly SealedHistoryEntry[]) =>
          chained.map(({ hash: _hash, keyId: _keyId, form: _form, ...entry }) => entry);
        expect(said(renewed)).toEqual(said(entries));
        expect(new Set(renewed.map(({ form, keyId }) => `${String(form)} ${keyId}`))).toEqual(
          new Set(['2 k2']),
        );
      }),
    );
  });

  it('commits to the reasons that it was given', () => {
    const { entries, head } = chainOf(fc.sample(happening, 2), 2);
    const commitments = [null, new Uint8Array(32).fill(5)];
    const renewed = rehashChain(keys, { entries, head }, commitments);
    expect(commitmentsOf(renewed?.entries ?? [])).toEqual(commitments);
    expect(commitmentsOf(rehashChain(keys, { entries, head }, [])?.entries ?? [])).toEqual([null, null]);
  });

  it('has the same head as before when its keys stay: a line of the log can be compared with it', () => {
    const current = fc.sample(happening, 3).map((one) => ({ ...one, keyId: 'k2' }));
    const { entries, head } = chainOf(current);
    expect(rehashed({ entries, head })).toMatchObject({ hash: head.hash, seal: head.seal });
  });

  it('comes out of no chain that was tampered with', () => {
    fc.assert(
      fc.property(
        chains,
        fc.nat(),
        fc.constantFrom(...edits, ...laterEdits),
        ({ entries, head }, at, edit) => {
          const edited = entries.map((entry, index) => (index === at % entries.length ? edit(entry) : entry));
          expect(rehashed({ entries: edited, head })).toBeNull();
        },
      ),
    );
    expect(rehashed({ entries: [], head: headOf([]) })).toBeNull();
  });
});
