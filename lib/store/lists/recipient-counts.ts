import type { BusinessScope } from '#lib/domain/access/scope.ts';
import type { RecipientCounts } from '#lib/domain/messages/recipients.ts';
import type { SegmentDefinition } from '#lib/domain/messages/segment.ts';
import { countDocuments } from './count-documents.ts';
import { indexForCount, type RecipientPlan, withoutAddress } from './recipient-plan.ts';
import { type Filter, segmentFilter } from './segment-filter.ts';

const countAll = (filter: Filter, scope: BusinessScope): Promise<number> =>
  countDocuments({ collection: 'customer_link', filter, hint: indexForCount(filter) }, scope);

/** How many customers belong to a segment, exactly. */
export const countMembers = (
  definition: SegmentDefinition,
  asOf: Date,
  scope: BusinessScope,
): Promise<number> => countAll(segmentFilter(definition, asOf, scope), scope);

/** Counts who gets something, by the very filter that the pages have, and who of the others does not, by the first reason. */
export const countRecipients = async (
  plan: RecipientPlan,
  scope: BusinessScope,
): Promise<RecipientCounts> => {
  const { asked, ids, live, address, chosen } = plan;
  const [total, found, alive, noAddress] = await Promise.all([
    countAll(chosen, scope),
    countAll(asked, scope),
    // Who belongs to a segment is live.
    ids === null ? null : countAll(live, scope),
    address === null ? 0 : countAll(withoutAddress(live, address), scope),
  ]);
  const living = alive ?? found;
  return {
    total,
    excluded: {
      notFound: (ids ?? found) - found,
      notLive: found - living,
      noAddress,
      notAllowed: living - noAddress - total,
    },
  };
};
