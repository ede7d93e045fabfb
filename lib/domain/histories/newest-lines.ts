import type { HistoryExtension } from './history-extension.ts';

/** A line of the log that says how far a history had been extended. */
export type HistoryLine = HistoryExtension & Readonly<{ businessId: string }>;

/** A customer of a business. */
export type HistoryPlace = Readonly<{ businessId: string; customerId: string }>;

/** A history as the database has it; `head` is null when an earlier version wrote the newest entry. */
export type FoundHistory = HistoryPlace &
  Readonly<{ number: number; head: string | null; keyIds: readonly string[] }>;

/**
 * What a line proves against the database: the history is shorter than it was, it has another head at the same number, or
 * the customer is missing together with its history.
 */
export type LineTrouble = 'older-than-line' | 'differs-from-line' | 'customer-missing';

/** The heads of all lines with the highest number, each after the keys that it was made with. */
type Newest = { number: number; heads: (readonly [keys: string, head: string])[]; isMet: boolean };

const keyOf = ({ businessId, customerId }: HistoryPlace): string => `${businessId}/${customerId}`;
const textOf = (keyIds: readonly string[]): string => keyIds.join('+');

/** The newest line of each customer. */
export class NewestLines {
  readonly #newest = new Map<string, Newest>();

  /** Adds a line, in any order. Older lines of the same customer are dropped. */
  add({ businessId, customerId, number, head, keyIds }: HistoryLine): void {
    const key = keyOf({ businessId, customerId });
    const known = this.#newest.get(key);
    if (known !== undefined && known.number > number) return;
    const heads = known?.number === number ? known.heads : [];
    heads.push([textOf(keyIds), head]);
    this.#newest.set(key, { number, heads, isMet: false });
  }

  /** Compares a history with the newest line of its customer: `no-line` without one, null when they agree. */
  compare(found: FoundHistory): Exclude<LineTrouble, 'customer-missing'> | 'no-line' | null {
    const newest = this.#newest.get(keyOf(found));
    if (newest === undefined) return 'no-line';
    newest.isMet = true;
    if (newest.number < found.number) return null;
    if (newest.number !== found.number) return 'older-than-line';
    // A rotation hashes a history again, so heads of other keys say nothing.
    const keys = textOf(found.keyIds);
    const differs = newest.heads.some(
      ([keysOfLine, head]) => found.head === null || (keysOfLine === keys && head !== found.head),
    );
    return differs ? 'differs-from-line' : null;
  }

  /** Notes that a customer needs no line any more, because it is reported already. */
  meet(place: HistoryPlace): void {
    const newest = this.#newest.get(keyOf(place));
    if (newest !== undefined) newest.isMet = true;
  }

  /** The customers with a line that were not compared, in order, as far as a condition accepts them. */
  missing(isInRange: (place: HistoryPlace) => boolean): HistoryPlace[] {
    return [...this.#newest]
      .filter(([, { isMet }]) => !isMet)
      .map(([key]) => key)
      .sort()
      .map((key) => ({
        businessId: key.slice(0, key.indexOf('/')),
        customerId: key.slice(key.indexOf('/') + 1),
      }))
      .filter(isInRange);
  }
}
