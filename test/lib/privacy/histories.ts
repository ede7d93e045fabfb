import { fc } from '#test/support/fast-check.ts';
import { ROLES } from '#lib/domain/access/scope.ts';
import { CUSTOMER_STATES } from '#lib/domain/customers/customer-state.ts';
import type { HistoryEntry } from '#lib/domain/histories/history-entry.ts';
import type { BusinessKeys } from '#lib/privacy/business-keys.ts';
import { type HashedEntry, historyHash, type SealedHistoryEntry } from '#lib/privacy/history-chain.ts';
import type { EntryForm } from '#lib/privacy/history-reason.ts';
import { type SealedHead, sealHead } from '#lib/privacy/history-seal.ts';
import { aRing, BUSINESS, someKeys } from './rings.ts';

export const CUSTOMER = '6f1d7f3a9c3b4e2d8a6c1b0c';
export const keys = someKeys(BUSINESS, aRing(2, 1));

export type Happening = Omit<HistoryEntry, 'seq' | 'businessId' | 'customerId'> &
  Pick<HashedEntry, 'reasonCommitment'>;
export type Chain = Readonly<{ entries: SealedHistoryEntry[]; head: SealedHead }>;

const idOf = (seq: number): string => seq.toString(16).padStart(24, '0');

/** The keys of the ring with this one current, as when it was in use. */
const whileCurrent = (keyId: string): BusinessKeys =>
  someKeys(BUSINESS, keyId === 'k1' ? aRing(1, 2) : aRing(2, 1));

/** The head of entries, with the seal that the writer of the last one made; form 1 had no seals. */
export const headOf = (entries: readonly SealedHistoryEntry[]): SealedHead => {
  const last = entries.at(-1);
  const state = entries.findLast(({ to }) => to !== null)?.to ?? 'active';
  const facts = { businessId: BUSINESS, customerId: CUSTOMER, state, version: entries.length - 1 };
  const head = { ...facts, seq: last?.seq ?? 0, hash: last?.hash ?? new Uint8Array() };
  const isSealed = last?.form === 2;
  return { ...head, seal: isSealed ? sealHead(whileCurrent(last.keyId), head) : null };
};

/** A history of these happenings, the first so many of them written by an earlier version. */
export const chainOf = (happenings: readonly Happening[], former = 0): Chain => {
  const entries: SealedHistoryEntry[] = [];
  for (const [index, happening] of happenings.entries()) {
    const seq = index + 1;
    const form: EntryForm = index < former ? 1 : 2;
    const reasonCommitment = form === 1 ? null : happening.reasonCommitment;
    const place = { seq, id: idOf(seq), businessId: BUSINESS, customerId: CUSTOMER };
    const to = index === 0 ? (happening.to ?? 'active') : happening.to;
    const entry: HashedEntry = { ...happening, ...place, to, form, reasonCommitment };
    const before = entries.at(-1);
    const previous = before === undefined ? null : { hash: before.hash, isSealed: before.form === 2 };
    entries.push({ ...entry, hash: historyHash(keys, entry, previous) });
  }
  return { entries, head: headOf(entries) };
};

const someState = fc.option(fc.constantFrom(...CUSTOMER_STATES));
export const happening: fc.Arbitrary<Happening> = fc.record({
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
  reasonCommitment: fc.option(fc.uint8Array({ minLength: 32, maxLength: 32 })),
});
const happenings = fc.array(happening, { minLength: 2, maxLength: 12 });

/** Histories in the current form, across a rotation of keys. */
export const chains = happenings.map((one) => chainOf(one));
/** Histories of which an earlier version wrote the first entries, or all of them. */
export const formerChains = fc
  .tuple(happenings, fc.integer({ min: 1, max: 12 }))
  .map(([one, former]) => chainOf(one, former));
