import { Types } from 'mongoose';
import type { BusinessScope } from '#lib/domain/access/scope.ts';
import type { Attendee } from '#lib/domain/activity/attendee.ts';
import { fold, type Folded, type Named } from '#lib/domain/activity/fold.ts';
import type { SourceState } from '#lib/domain/activity/source-state.ts';
import { isNewer } from '#lib/domain/activity/stamp.ts';
import type { BusinessSettings } from '#lib/domain/business/business-settings.ts';
import type { StoredActivity } from '#lib/store/customers/activity-facts.ts';
import {
  readSumLinks,
  type SumLink,
  type SumLinks,
  sumsUpdate,
  withSurvivors,
} from '#lib/store/customers/activity-sums.ts';
import { movedSums } from '#lib/store/customers/move-sums.ts';
import { stageRecall } from '#lib/store/customers/recall.ts';
import { stage } from '#lib/store/database/unit-of-work.ts';
import { findOrAdd, type Whose } from './find-or-add.ts';
import { readSource, stageFolded, stageGate } from './stored-activity.ts';

type Context = Readonly<{ settings: BusinessSettings; at: Date }>;

/**
 * Stages what a state of an order or a payment changes: nothing, if it is not newer than the one that is known. Everything is in one
 * transaction with the gate, so a state counts once, however often and in whatever order the events come.
 * @returns the customers that it names
 */
export const recordState = async (
  state: SourceState,
  context: Context,
  scope: BusinessScope,
): Promise<readonly string[]> => {
  const { stamp: before, stored } = await readSource(state, scope);
  if (!isNewer(state.stamp, before)) return [];
  const whose = await findOrAdd(state.people, context, scope);
  const named = namedIn(state, whose);
  const links = await linksOf([...stored, ...named], whose, scope);
  // A customer without a link is gone: an erasure removes what is stored.
  const folded = fold(stored, { stamp: state.stamp, named }).filter(({ after }) =>
    links.has(after.customerId),
  );
  stageGate(state, { before, after: state.stamp }, scope);
  for (const one of folded)
    stageFolded(state, { folded: one, isAway: links.get(one.after.customerId)?.away === true }, scope);
  await stageSums({ folded, links, sourceId: state.sourceId }, scope);
  return named.map(({ customerId }) => customerId);
};

/** Whom the state names, each customer once. */
const namedIn = ({ people, factsOf }: SourceState, whose: readonly Whose[]): readonly Named[] => {
  const byCustomer = new Map<string, Attendee[]>();
  for (const [index, one] of people.entries()) {
    const found = whose[index];
    if (found?.is !== 'known' && found?.is !== 'new') continue;
    byCustomer.set(found.customerId, [...(byCustomer.get(found.customerId) ?? []), one]);
  }
  return [...byCustomer].map(([customerId, theirs]) => ({
    customerId,
    attendeeIds: theirs.flatMap(({ id }) => id ?? []),
    facts: factsOf(theirs),
  }));
};

/** The links of these customers, and of everybody into whom they were merged. */
const linksOf = async (
  all: readonly Readonly<{ customerId: string }>[],
  whose: readonly Whose[],
  scope: BusinessScope,
): Promise<SumLinks> => {
  const place = { businessId: scope.businessId, scope };
  const added = whose.flatMap((one) => (one.is === 'new' ? [one.customerId] : []));
  const ids = [...new Set(all.map(({ customerId }) => customerId))].filter((id) => !added.includes(id));
  const found = await withSurvivors(await readSumLinks(ids, place), place);
  const fresh = added.map((id): [string, SumLink] => [id, { customerId: new Types.ObjectId(id), folds: 0 }]);
  return new Map([...found, ...fresh]);
};

type Change = Readonly<{ folded: readonly Folded<StoredActivity>[]; links: SumLinks; sourceId: string }>;

const stageSums = async ({ folded, links, sourceId }: Change, scope: BusinessScope): Promise<void> => {
  const place = { businessId: scope.businessId, scope };
  const moved = folded.map(({ before, after }) => ({
    customerId: after.customerId,
    before: before?.facts ?? null,
    after: after.facts,
  }));
  for (const { link, sums } of await movedSums({ moved, links, sourceIds: [sourceId] }, place)) {
    stage(scope, sumsUpdate(scope.businessId, link, sums));
    if (link.away === true) stageRecall({ link }, scope);
  }
};
