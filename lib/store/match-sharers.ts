import { Types } from 'mongoose';
import type { BusinessScope } from '#lib/domain/actor.ts';
import type { Comparable } from '#lib/domain/duplicates.ts';
import { type MatchKind, matchTexts } from '#lib/domain/match-texts.ts';
import { keysOfText } from '#lib/privacy/match-keys.ts';
import { bytesOf } from './bytes.ts';
import { connect } from './connection.ts';
import { askedBy } from './isolation/asked-by.ts';
import { keysOf } from './keys.ts';
import { MATCH_INDEX } from './models/customer-link.ts';
import { modelOf } from './models/models.ts';

/** What more customers have says too little to compare each of them with each. */
const MOST_SHARING = 20;

/** A text that some of the customers asked about have, and who has it in all. */
type Mark = Readonly<{ kind: MatchKind; keys: readonly Buffer[]; holders: Set<string> }>;

/** Who shares something with whom. */
export type Sharers = Readonly<{
  /** The others by the id of a customer asked about: how many have the rarest part of a name that the two share, if any. */
  of: (customerId: string) => ReadonlyMap<string, number>;
  /** What was left out, since more than 20 customers have the same. */
  tooCommon: readonly MatchKind[];
}>;

/** Finds the live customers of the caller's business who share something with one of these. */
export const findSharers = async (
  customers: readonly (Comparable & { id: string })[],
  scope: BusinessScope,
): Promise<Sharers> => {
  const keys = await keysOf(scope);
  const marks = new Map<string, Mark>();
  const marksOf = new Map<string, readonly Mark[]>();
  for (const customer of customers) {
    const own = matchTexts(customer).map((match): Mark => {
      const mark = marks.get(match.text) ?? {
        kind: match.kind,
        keys: keysOfText(keys, match),
        holders: new Set<string>(),
      };
      marks.set(match.text, mark);
      return mark;
    });
    marksOf.set(customer.id, own);
  }
  await findHolders([...marks.values()], scope);
  const tooCommon = new Set([...marks.values()].filter(isTooCommon).map(({ kind }) => kind));
  return {
    of: (customerId) => rarestByOther(customerId, marksOf.get(customerId) ?? []),
    tooCommon: [...tooCommon].sort(),
  };
};

const isTooCommon = ({ holders }: Mark): boolean => holders.size > MOST_SHARING;

/** Of names only: how rare an email or phone is would tell who cannot see it that two are nearly the same. */
const rarestByOther = (customerId: string, marks: readonly Mark[]): ReadonlyMap<string, number> => {
  const others = new Map<string, number>();
  for (const { kind, holders } of marks.filter((mark) => !isTooCommon(mark))) {
    const sharing = kind === 'name' ? holders.size : Number.POSITIVE_INFINITY;
    for (const other of holders)
      if (other !== customerId)
        others.set(other, Math.min(sharing, others.get(other) ?? Number.POSITIVE_INFINITY));
  }
  return others;
};

/**
 * Fills in who has what. Where more links answer than so many marks can have that are all worth comparing by, the marks
 * are asked in halves, until the one that is too common stands alone: what is read has a limit, whoever has the same.
 */
const findHolders = async (marks: readonly Mark[], scope: BusinessScope): Promise<void> => {
  if (marks.length === 0) return;
  const most = MOST_SHARING * marks.length;
  const links = await findLinks(marks, most + 1, scope);
  if (links.length > most && marks.length > 1) {
    const half = Math.ceil(marks.length / 2);
    await findHolders(marks.slice(0, half), scope);
    await findHolders(marks.slice(half), scope);
    return;
  }
  const byKey = new Map(marks.flatMap((mark) => mark.keys.map((key) => [key.toString('hex'), mark])));
  for (const { customerId, matchKeys = [] } of links)
    for (const key of matchKeys)
      byKey.get(bytesOf(key).toString('hex'))?.holders.add(customerId.toHexString());
};

const findLinks = async (marks: readonly Mark[], limit: number, scope: BusinessScope) =>
  await modelOf(await connect(), 'customer_link')
    .find({
      businessId: new Types.ObjectId(scope.businessId),
      matchKeys: { $in: marks.flatMap(({ keys }) => keys) },
    })
    .select({ _id: 0, customerId: 1, matchKeys: 1 })
    .limit(limit)
    .batchSize(limit)
    .hint(MATCH_INDEX)
    .setOptions(askedBy(scope))
    .lean<{ customerId: Types.ObjectId; matchKeys?: Buffer[] }[]>();
