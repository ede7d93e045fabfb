/** An index as the migration builds it and as the tests compare it with what the database lists. */
export type IndexDeclaration = Readonly<{
  name: string;
  key: Readonly<Record<string, 1>>;
  unique?: true;
  partialFilterExpression?: Readonly<Record<string, unknown>>;
  expireAfterSeconds?: number;
}>;
