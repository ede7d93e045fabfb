import type { CustomerEvent } from './customer-event.ts';

/** Events that wait, by customer: each customer's in their order. The customer whose turn comes first is first. */
export type Turns = ReadonlyMap<string, readonly [CustomerEvent, ...CustomerEvent[]]>;

/** Earlier versions wrote no number, so of those the ids decide. */
const inOrder = (one: CustomerEvent, other: CustomerEvent): number =>
  one.seq - other.seq || (one.id < other.id ? -1 : 1);

/** The turns of customers. An event that is left out must be later than all others of its customer. */
export const turnsOf = (events: readonly CustomerEvent[]): Turns => {
  const turns = new Map<string, [CustomerEvent, ...CustomerEvent[]]>();
  for (const event of events.toSorted(inOrder)) {
    const own = turns.get(event.customerId);
    if (own === undefined) turns.set(event.customerId, [event]);
    else own.push(event);
  }
  return turns;
};

/**
 * The next events to publish at once: one of each customer, because the bus may accept one event of a call and refuse
 * another.
 */
export const nextOf = (turns: Turns, most: number): readonly CustomerEvent[] =>
  [...turns.values()].slice(0, most).map(([next]) => next);

/** The turns after those had theirs. Who was refused is passed by; the others come last with what is left of theirs. */
export const afterTurn = (
  turns: Turns,
  { taken, refused }: Readonly<{ taken: readonly CustomerEvent[]; refused: ReadonlySet<string> }>,
): Turns => {
  const after = new Map(turns);
  for (const { customerId } of taken) {
    const [, next, ...later] = turns.get(customerId) ?? [];
    after.delete(customerId);
    if (next !== undefined && !refused.has(customerId)) after.set(customerId, [next, ...later]);
  }
  return after;
};
