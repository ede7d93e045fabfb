import type { BusinessScope } from '#lib/domain/access/scope.ts';
import { type Addresses, matterOf, type Statement, type Suppressions } from '#lib/domain/rights/consents.ts';
import { readRefusalsAt, refusalKeys } from './kept-refusals.ts';

/** What one of many new customers says, and its addresses. */
export type Speaker = Readonly<{ addresses: Addresses; statements: readonly Statement[] }>;

/**
 * The refusals that are kept for the addresses of many new customers. What an earlier one says counts for a later one with the
 * same address, although none of them is written yet.
 */
export class RefusalsOfMany {
  /** By key, in hexadecimal digits; null for a refusal that a grant has lifted. */
  readonly #changed = new Map<string, Date | null>();
  #stored: ReadonlyMap<string, Date> = new Map();

  /** Reads what is kept for the addresses of these people. One read for all of them. */
  async read(people: readonly Speaker[], scope: BusinessScope): Promise<void> {
    const keys = await Promise.all(
      people.map(({ addresses, statements }) => refusalKeys(statements, addresses, scope)),
    );
    const unknown = new Set(keys.flatMap((wanted) => [...wanted.values()]));
    this.#stored = await readRefusalsAt([...unknown], scope);
  }

  /** What is kept for the addresses of one of the people that were read. */
  async of({ addresses, statements }: Speaker, scope: BusinessScope): Promise<Suppressions> {
    const wanted = await refusalKeys(statements, addresses, scope);
    return new Map(
      [...wanted].flatMap(([matter, key]) => {
        const at = this.#at(key);
        return at === null ? [] : [[matter, at] as const];
      }),
    );
  }

  /** Notes that what this person says will be written. */
  async add({ addresses, statements }: Speaker, scope: BusinessScope): Promise<void> {
    const keys = await refusalKeys(statements, addresses, scope);
    for (const statement of statements) {
      const key = keys.get(matterOf(statement));
      if (key === undefined) continue;
      const at = this.#at(key);
      const isNewer = at === null || at < statement.givenAt;
      if (!statement.granted && isNewer) this.#changed.set(key, statement.givenAt);
      if (statement.granted && at !== null && isNewer) this.#changed.set(key, null);
    }
  }

  #at(key: string): Date | null {
    const changed = this.#changed.get(key);
    return changed === undefined ? (this.#stored.get(key) ?? null) : changed;
  }
}
