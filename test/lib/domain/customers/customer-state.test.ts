import { describe, expect, it } from '@jest/globals';
import { fc } from '#test/support/fast-check.ts';
import {
  bringsNewEntry,
  canMove,
  CUSTOMER_STATES,
  type CustomerState,
  historyViolations,
  isLive,
  type StateEntry,
  stateMeaning,
  statesBefore,
  visibleHistory,
  WRITTEN_STATES,
  type WrittenState,
} from '#lib/domain/customers/customer-state.ts';
import { after } from '../samples.ts';

/** The specification's table: a row moves into the columns marked x (active, suspended, archived, deleted). */
const TABLE: Readonly<Record<CustomerState, string>> = {
  active: '.xxx',
  suspended: 'x.xx',
  archived: 'x..x',
  deleted: 'xxx.',
};

const pairs = CUSTOMER_STATES.flatMap((from) =>
  CUSTOMER_STATES.map((to, column) => ({ from, to, isLegal: TABLE[from][column] === 'x' })),
);

const timeline = (...states: WrittenState[]): StateEntry[] =>
  states.map((state, index) => ({ state, setAt: after(index) }));

const errorsOf = (history: readonly StateEntry[], state?: WrittenState): string[] =>
  historyViolations(history, state).map(({ error }) => error);

describe('the states of a customer', () => {
  it.each(pairs)('$from -> $to is a step: $isLegal', ({ from, to, isLegal }) => {
    expect(canMove(from, to)).toBe(isLegal);
    expect(statesBefore(to).includes(from)).toBe(isLegal);
  });

  it('counts 16 pairs, 11 of them steps', () => {
    expect(pairs).toHaveLength(16);
    expect(pairs.filter(({ isLegal }) => isLegal)).toHaveLength(11);
  });

  it('reads inactive as suspended and every other spelling as itself', () => {
    expect(WRITTEN_STATES.map(stateMeaning)).toEqual([
      'active',
      'suspended',
      'archived',
      'deleted',
      'suspended',
    ]);
  });

  it('calls every state live but deleted', () => {
    expect(CUSTOMER_STATES.filter(isLive)).toEqual(['active', 'suspended', 'archived']);
  });
});

describe('a timeline that a client wrote', () => {
  it('may hold any legal path, repeat a state and give two entries the same time', () => {
    const history = [
      ...timeline('active', 'active', 'inactive', 'suspended', 'archived'),
      ...timeline('deleted'),
    ];
    const together = history.map(({ state }) => ({ state, setAt: after(0) }));
    expect(errorsOf(together, 'deleted')).toEqual([]);
  });

  it('may begin with any state and end in a state spelled the other way', () => {
    expect(errorsOf(timeline('deleted', 'inactive'), 'suspended')).toEqual([]);
  });

  it('is refused for nothing when it is empty, long or out of order', () => {
    expect(errorsOf([])).toEqual([]);
    expect(errorsOf([], 'active')).toEqual([]);
    expect(errorsOf(timeline(...Array<WrittenState>(2_000).fill('active')).reverse())).toEqual([]);
  });

  it('becomes visible in the order given, each earlier time lifted to the one before', () => {
    const at = (...seconds: number[]) =>
      seconds.map((one) => ({ state: 'active' as const, setAt: after(one) }));
    expect(visibleHistory(at(1, 5, 3, 4, 5, 7, 0))).toEqual(at(1, 5, 5, 5, 5, 7, 7));
    expect(visibleHistory([])).toEqual([]);
    const moves = [
      { state: 'active', setAt: after(9) },
      { state: 'inactive', setAt: after(2) },
    ] as const;
    expect(visibleHistory(moves)).toEqual([moves[0], { state: 'inactive', setAt: after(9) }]);
  });

  it('loses its oldest entries beyond 200, after the times are lifted', () => {
    const long = timeline(...Array<WrittenState>(200).fill('active'));
    expect(visibleHistory(long)).toEqual(long);
    const [first] = timeline('archived') as [StateEntry];
    const ahead = { ...first, setAt: after(1_000) };
    const cut = visibleHistory([ahead, ...long]);
    expect(cut).toHaveLength(200);
    expect(cut).toEqual(long.map(({ state }) => ({ state, setAt: after(1_000) })));
  });

  it('is new when it has an entry that the other lacks, by its spelling and its time', () => {
    const own = timeline('active', 'suspended');
    const [first, second] = own as [StateEntry, StateEntry];
    for (const stale of [[], [first], [second], own, [second, first], [first, first]])
      expect(bringsNewEntry(own, stale)).toBe(false);
    for (const entry of [
      { state: 'inactive', setAt: second.setAt },
      { state: 'suspended', setAt: after(2) },
      { state: 'active', setAt: after(-1) },
    ] as const)
      expect(bringsNewEntry(own, [...own, entry])).toBe(true);
    expect(bringsNewEntry([], [first])).toBe(true);
  });

  it('is not new for entries that a full one may have lost', () => {
    const own = timeline(...Array<WrittenState>(200).fill('active'));
    const entryAt = (seconds: number) => ({ state: 'suspended' as const, setAt: after(seconds) });
    const news = (seconds: number) => bringsNewEntry(own, [entryAt(seconds), ...own]);
    expect([-5, 0, 1, 500].map(news)).toEqual([false, false, true, true]);
    expect(bringsNewEntry(own.slice(1), [entryAt(-5), ...own.slice(1)])).toBe(true);
  });

  it('is refused at the first step that is none', () => {
    expect(historyViolations(timeline('active', 'archived', 'inactive', 'active'), 'active')).toEqual([
      {
        in: 'body',
        pointer: '#/stateHistory/2/state',
        error: 'history-path',
        message: 'A customer cannot move from the previous state to this one.',
      },
    ]);
  });

  it('is refused when it ends in another state than the one beside it', () => {
    expect(historyViolations(timeline('active', 'deleted'), 'active')).toEqual([
      {
        in: 'body',
        pointer: '#/state',
        error: 'history-state',
        message: '`state` and the last `stateHistory` entry differ. Make them equal or leave one out.',
      },
    ]);
  });

  it('is refused for everything that is wrong with it at once', () => {
    const [first, second] = timeline('archived', 'suspended') as [StateEntry, StateEntry];
    const backwards = [
      { ...first, setAt: second.setAt },
      { ...second, setAt: first.setAt },
    ];
    expect(errorsOf(backwards, 'deleted')).toEqual(['history-path', 'history-state']);
  });

  it('is judged as the table says, whatever it holds', () => {
    const written = fc.array(fc.constantFrom(...WRITTEN_STATES), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(written, (states) => {
        const meanings = states.map(stateMeaning);
        const isPath = meanings.every((to, index) => {
          const from = meanings[index - 1] ?? to;
          return from === to || TABLE[from][CUSTOMER_STATES.indexOf(to)] === 'x';
        });
        expect(errorsOf(timeline(...states), states.at(-1))).toEqual(isPath ? [] : ['history-path']);
      }),
    );
  });
});
