import { Types } from 'mongoose';
import type { BusinessScope } from '#lib/domain/actor.ts';
import type { Comparable } from '#lib/domain/duplicates.ts';
import { type MatchKind, type MatchText, matchTexts, MOST } from '#lib/domain/match-texts.ts';
import { keysOfText } from '#lib/privacy/match-keys.ts';
import { bytesOf } from './bytes.ts';
import { connect } from './connection.ts';
import { askedBy } from './isolation/asked-by.ts';
import { keysOf } from './keys.ts';
import { MATCH_INDEX } from './models/customer-link.ts';
import { modelOf } from './models/models.ts';

/** A text that some of the customers asked about have, and who has it in all. */
type Mark = MatchText & Readonly<{ keys: readonly Buffer[]; holders: Set<string> }>;

/** Who shares something with whom. */
export type Sharers = Readonly<{
  /** The others by the id of a customer asked about: how many have the rarest part of a name that the two share, if any. */
  of: (customerId: string) => ReadonlyMap<string, number>;
  /** Of what nothing was compared by, since too many customers have the same: of whole values, not of slips. */
  tooCommon: readonly MatchKind[];
  /** How many links were read. */
  read: number;
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
        ...match,
        keys: keysOfText(keys, match),
        holders: new Set<string>(),
      };
      marks.set(match.text, mark);
      return mark;
    });
    marksOf.set(customer.id, own);
  }
  const read = await findHolders([...marks.values()], scope);
  const left = [...marks.values()].filter((mark) => isTooCommon(mark) && mark.most === MOST);
  return {
    of: (customerId) => rarestByOther(customerId, marksOf.get(customerId) ?? []),
    tooCommon: [...new Set(left.map(({ kind }) => kind))].sort(),
    read,
  };
};

const isTooCommon = ({ holders, most }: Mark): boolean => holders.size > most;

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
 * Fills in who has what, and answers how many links it read. Where more answer than so many marks can have that are all
 * worth comparing by, those that are seen to be too common are left out and the others asked in halves: what is read has a
 * limit, whoever has the same.
 */
const findHolders = async (marks: readonly Mark[], scope: BusinessScope): Promise<number> => {
  if (marks.length === 0) return 0;
  const most = marks.reduce((sum, mark) => sum + mark.most, 0);
  const links = await findLinks(marks, most + 1, scope);
  const byKey = new Map(marks.flatMap((mark) => mark.keys.map((key) => [key.toString('hex'), mark])));
  for (const { customerId, matchKeys = [] } of links)
    for (const key of matchKeys)
      byKey.get(bytesOf(key).toString('hex'))?.holders.add(customerId.toHexString());
  if (links.length <= most) return links.length;
  const others = marks.filter((mark) => !isTooCommon(mark));
  const half = Math.ceil(others.length / 2);
  const [first, second] = [others.slice(0, half), others.slice(half)];
  return links.length + (await findHolders(first, scope)) + (await findHolders(second, scope));
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
