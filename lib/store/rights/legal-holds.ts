import type { BusinessScope } from '#lib/domain/access/scope.ts';
import type { LegalHold, PlacedHold } from '#lib/domain/rights/legal-hold.ts';
import { findForChange } from '#lib/store/customers/merged.ts';
import { noteInHistory } from '#lib/store/customers/note-in-history.ts';
import { findCustomer, type StoredCustomer } from '#lib/store/customers/reader.ts';
import { readWithKeys } from '#lib/store/keys/request-keys.ts';
import { type Doomed as Merged, findMergedInto } from './begin-erasure.ts';
import { openHoldReason, sealHoldReason } from './hold-reason.ts';

/** A customer of the caller's business with everybody who was merged into it, and their legal hold. */
export type MayBeHeld = Readonly<{
  stored: StoredCustomer;
  merged: readonly Merged[];
  /** The customer's own or, when it has none, that of one who was merged into it. Null when nobody of them is held. */
  hold: LegalHold | null;
  /** Whether each of them is held. */
  isOnAll: boolean;
}>;

/**
 * A customer or, if it was merged into another one, the survivor. A merged customer whose survivor was purged is read as
 * itself: it can still be held and released. Null for an unknown id and for the id of another business's customer. Each
 * level of merges into the survivor costs one more round trip.
 */
const find = async (id: string, scope: BusinessScope): Promise<MayBeHeld | null> => {
  const stored = (await findForChange(id, scope)) ?? (await findCustomer(id, scope));
  if (stored === null) return null;
  const merged = await findMergedInto([stored], scope);
  const isOnAll = [stored, ...merged].every(({ isHeld }) => isHeld);
  if (stored.isHeld) return { stored, merged, hold: await holdOf(stored, scope), isOnAll };
  // Earlier versions could hold a merged customer alone.
  const heldAlone = merged.find(({ isHeld }) => isHeld);
  const holder = heldAlone === undefined ? null : await findCustomer(heldAlone.id, scope);
  return { stored, merged, hold: holder === null ? null : await holdOf(holder, scope), isOnAll };
};

const holdOf = async ({ link }: StoredCustomer, scope: BusinessScope): Promise<LegalHold> => {
  const reason = await readWithKeys(scope, (keys) => openHoldReason(keys, link));
  return { since: link.heldSince ?? null, reason };
};

/**
 * Stages a hold in place of the one before, with the history entry and the event; likewise for each merged customer that
 * lacks it. Only the customer itself has the reason.
 * @throws Refusal `not-permitted` for a record that another business owns
 */
const place = async (
  { stored, merged }: MayBeHeld,
  { hold: { since, reason }, at }: Readonly<{ hold: PlacedHold; at: Date }>,
  scope: BusinessScope,
): Promise<void> => {
  const note = { action: 'place-legal-hold', at, fields: FIELDS, event: 'hold-changed' } as const;
  const set = { legalHold: true, heldSince: since };
  // Unless the customer itself is held, a release at the same time writes only the others: write each, so one is a conflict.
  const lacking = merged.filter(({ isHeld }) => !stored.isHeld || !isHeld);
  for (const one of await read(lacking, scope))
    await noteInHistory(one, { ...note, set, unset: ['holdReason'] }, scope);
  const holdReason = sealHoldReason(stored.keys, stored.customer.id, reason);
  await noteInHistory(stored, { ...note, reason, set: { ...set, holdReason } }, scope);
};

/** Stages the end of a hold for each of them that is held. The reasons stay in the histories. */
const release = async ({ stored, merged }: MayBeHeld, at: Date, scope: BusinessScope): Promise<void> => {
  const unset = ['legalHold', 'heldSince', 'holdReason'] as const;
  const note = { action: 'release-legal-hold', at, fields: FIELDS, event: 'hold-changed', unset } as const;
  const held = merged.filter(({ isHeld }) => isHeld);
  for (const one of await read(held, scope)) await noteInHistory(one, note, scope);
  if (stored.isHeld) await noteInHistory(stored, note, scope);
};

/** One parallel round trip. One that was purged just now is left out: there is nothing to keep or to release. */
const read = async (merged: readonly Merged[], scope: BusinessScope): Promise<readonly StoredCustomer[]> => {
  const found = await Promise.all(merged.map(({ id }) => findCustomer(id, scope)));
  return found.filter((one) => one !== null);
};

const FIELDS = ['legalHold'];

/** What use cases may do with the legal holds of the caller's business. */
export const legalHolds = { find, place, release };
export type LegalHolds = typeof legalHolds;
