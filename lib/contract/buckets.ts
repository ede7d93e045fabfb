/** What a use case may do with the objects of each bucket. Nobody may delete from the ledger. */
type Actions = Readonly<{
  'archive-bucket': 'put' | 'get' | 'delete' | 'list' | 'restore';
  'ledger-bucket': 'put' | 'get' | 'list';
}>;

/** The needs that are buckets. Only schedules and operations may have them. */
export type BucketNeed = keyof Actions;

export type ObjectAction = Actions[BucketNeed];

/** What a use case may do with the objects whose keys begin with a prefix. The prefix ends with a slash. */
export type ObjectGrant<B extends BucketNeed = BucketNeed> = Readonly<{
  prefix: `${string}/`;
  actions: readonly [Actions[B], ...Actions[B][]];
}>;

type GrantsOf<B extends BucketNeed> = readonly [ObjectGrant<B>, ...ObjectGrant<B>[]];

/** The grants of a use case, by bucket. */
export type ObjectGrants = Readonly<{ [B in BucketNeed]?: GrantsOf<B> }>;

type NeededBy<D extends Readonly<{ needs: readonly string[] }>> = Extract<D['needs'][number], BucketNeed>;

/** A definition has grants for exactly the buckets that it needs. Anything else does not compile. */
export type GrantsForNeeds<D extends Readonly<{ needs: readonly string[] }>> = [NeededBy<D>] extends [never]
  ? Readonly<{ objects?: never }>
  : Readonly<{
      objects: Readonly<
        { [B in NeededBy<D>]: GrantsOf<B> } & { [B in Exclude<BucketNeed, NeededBy<D>>]?: never }
      >;
    }>;
