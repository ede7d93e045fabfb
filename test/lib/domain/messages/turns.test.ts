import { describe, expect, it } from '@jest/globals';
import type { CustomerEvent } from '#lib/domain/messages/customer-event.ts';
import { afterTurn, nextOf, turnsOf } from '#lib/domain/messages/turns.ts';

const an = (customerId: string, seq: number, id = `${customerId}${String(seq)}`): CustomerEvent => ({
  ...{ id, type: 'customer-changed', businessId: 'b', customerId, seq },
  ...{ version: seq, state: 'active', at: new Date(0) },
});
const idsOf = (events: readonly CustomerEvent[]): string[] => events.map(({ id }) => id);
const NOBODY: ReadonlySet<string> = new Set();

describe('turns', () => {
  const turns = turnsOf([an('a', 2), an('b', 7), an('a', 1), an('c', 3), an('b', 10)]);

  it('have each customer’s events in the order of their numbers', () => {
    expect([...turns].map(([id, events]) => [id, idsOf(events)])).toEqual([
      ['a', ['a1', 'a2']],
      ['c', ['c3']],
      ['b', ['b7', 'b10']],
    ]);
  });

  it('have those without a number in the order of their ids, before the others', () => {
    const [, events] = [...turnsOf([an('a', 1), an('a', 0, 'y'), an('a', 0, 'x')])][0] ?? [];
    expect(idsOf(events ?? [])).toEqual(['x', 'y', 'a1']);
  });

  it('give the first event of each customer, and of no more customers than asked for', () => {
    expect(idsOf(nextOf(turns, 10))).toEqual(['a1', 'c3', 'b7']);
    expect(idsOf(nextOf(turns, 2))).toEqual(['a1', 'c3']);
    expect(nextOf(new Map(), 10)).toEqual([]);
  });

  it('go on with the others before anybody has a second turn', () => {
    const next = afterTurn(turns, { taken: nextOf(turns, 2), refused: NOBODY });
    expect(idsOf(nextOf(next, 10))).toEqual(['b7', 'a2']);
    const last = afterTurn(next, { taken: nextOf(next, 10), refused: NOBODY });
    expect(idsOf(nextOf(last, 10))).toEqual(['b10']);
    expect(afterTurn(last, { taken: nextOf(last, 10), refused: NOBODY }).size).toBe(0);
  });

  it('pass by who was refused, and nobody else', () => {
    const next = afterTurn(turns, { taken: nextOf(turns, 3), refused: new Set(['a']) });
    expect(idsOf(nextOf(next, 10))).toEqual(['b10']);
  });

  it('stay as they were for who had no turn, also if it was refused before', () => {
    const next = afterTurn(turns, { taken: nextOf(turns, 1), refused: new Set(['b']) });
    expect(idsOf(nextOf(next, 10))).toEqual(['c3', 'b7', 'a2']);
  });
});
