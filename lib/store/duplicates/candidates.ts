import { Types } from 'mongoose';
import type { BusinessScope } from '#lib/domain/access/scope.ts';
import type { Comparable } from '#lib/domain/duplicates/likeness.ts';
import { type MatchKind, type MatchText, matchTexts, MOST } from '#lib/domain/duplicates/match-texts.ts';
import { keysOfText } from '#lib/privacy/match-keys.ts';
import { bytesOf } from '#lib/store/collections/stored-bytes.ts';
import { connect } from '#lib/store/database/connection.ts';
import { queryOptions } from '#lib/store/isolation/query-options.ts';
import { keysOf } from '#lib/store/keys/request-keys.ts';
import { MATCH_INDEX } from '#lib/store/collections/customer-link.ts';
import { modelOf } from '#lib/store/isolation/guarded-model.ts';

/** A text of some of the given customers, its keys, and the ids of all customers that have it. */
type SharedText = MatchText & Readonly<{ keys: readonly Buffer[]; holders: Set<string> }>;

/** The candidates for being the same person as the given customers. */
export type Candidates = Readonly<{
  /**
   * The ids of a given customer's candidates, each with the number of customers that have the rarest part of a name that
   * the two share: infinity when they share no part of a name.
   */
  of: (customerId: string) => ReadonlyMap<string, number>;
  /** Which kinds of values were not used, because too many customers share one. Only whole values count, not misspelled. */
  tooCommon: readonly MatchKind[];
  /** How many links were read. */
  read: number;
}>;

/** Finds the live customers of the caller's business that share a value with one of these customers. */
export const findCandidates = async (
  customers: readonly (Comparable & { id: string })[],
  scope: BusinessScope,
): Promise<Candidates> => {
  const keys = await keysOf(scope);
  const texts = new Map<string, SharedText>();
  const textsOf = new Map<string, readonly SharedText[]>();
  for (const customer of customers) {
    const own = matchTexts(customer).map((match): SharedText => {
      const text = texts.get(match.text) ?? {
        ...match,
        keys: keysOfText(keys, match),
        holders: new Set<string>(),
      };
      texts.set(match.text, text);
      return text;
    });
    textsOf.set(customer.id, own);
  }
  const read = await findHolders([...texts.values()], scope);
  const unused = [...texts.values()].filter((text) => isTooCommon(text) && text.most === MOST);
  return {
    of: (customerId) => rarestByOther(customerId, textsOf.get(customerId) ?? []),
    tooCommon: [...new Set(unused.map(({ kind }) => kind))].sort(),
    read,
  };
};

const isTooCommon = ({ holders, most }: SharedText): boolean => holders.size > most;

/** Only counts names: how rare an email is could show a role that may not see emails that two are nearly the same. */
const rarestByOther = (customerId: string, texts: readonly SharedText[]): ReadonlyMap<string, number> => {
  const others = new Map<string, number>();
  for (const { kind, holders } of texts.filter((text) => !isTooCommon(text))) {
    const sharing = kind === 'name' ? holders.size : Number.POSITIVE_INFINITY;
    for (const other of holders)
      if (other !== customerId)
        others.set(other, Math.min(sharing, others.get(other) ?? Number.POSITIVE_INFINITY));
  }
  return others;
};

/**
 * Fills in the holders of each text, and returns how many links it read. When more links match than these texts can have
 * without being too common, drops the texts that are seen to be too common and queries the others in halves: the number of
 * links read has a limit.
 */
const findHolders = async (texts: readonly SharedText[], scope: BusinessScope): Promise<number> => {
  if (texts.length === 0) return 0;
  const most = texts.reduce((sum, text) => sum + text.most, 0);
  const links = await findLinks(texts, most + 1, scope);
  const byKey = new Map(texts.flatMap((text) => text.keys.map((key) => [key.toString('hex'), text])));
  for (const { customerId, matchKeys = [] } of links)
    for (const key of matchKeys)
      byKey.get(bytesOf(key).toString('hex'))?.holders.add(customerId.toHexString());
  if (links.length <= most) return links.length;
  const others = texts.filter((text) => !isTooCommon(text));
  const half = Math.ceil(others.length / 2);
  const [first, second] = [others.slice(0, half), others.slice(half)];
  return links.length + (await findHolders(first, scope)) + (await findHolders(second, scope));
};

const findLinks = async (texts: readonly SharedText[], limit: number, scope: BusinessScope) =>
  await modelOf(await connect(), 'customer_link')
    .find({
      businessId: new Types.ObjectId(scope.businessId),
      matchKeys: { $in: texts.flatMap(({ keys }) => keys) },
    })
    .select({ _id: 0, customerId: 1, matchKeys: 1 })
    .limit(limit)
    .batchSize(limit)
    .hint(MATCH_INDEX)
    .setOptions(queryOptions(scope))
    .lean<{ customerId: Types.ObjectId; matchKeys?: Buffer[] }[]>();
