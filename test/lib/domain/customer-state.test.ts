import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  canMove,
  CUSTOMER_STATES,
  type CustomerState,
  historyViolations,
  isLive,
  type StateEntry,
  stateMeaning,
  statesBefore,
  WRITTEN_STATES,
  type WrittenState,
} from '#lib/domain/customer-state.ts';
import { after } from './samples.ts';

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

  it('is refused when it is empty or longer than 200 entries', () => {
    const wrongLength = {
      in: 'body',
      pointer: '#/stateHistory',
      error: 'history-length',
      message: 'The state history must have 1 to 200 entries.',
    };
    expect(historyViolations([], undefined)).toEqual([wrongLength]);
    expect(errorsOf(timeline(...Array<WrittenState>(200).fill('active')))).toEqual([]);
    const tooLong = timeline(...Array<WrittenState>(201).fill('active'));
    expect(historyViolations(tooLong, undefined)).toEqual([wrongLength]);
  });

  it('is refused at the first entry that is earlier than the one before it', () => {
    const [first, second, third, fourth] = [0, 1, 2, 3].map((seconds) => ({
      state: 'active' as const,
      setAt: after(seconds),
    })) as [StateEntry, StateEntry, StateEntry, StateEntry];
    expect(historyViolations([first, third, second, fourth, third], undefined)).toEqual([
      {
        in: 'body',
        pointer: '#/stateHistory/2/setAt',
        error: 'history-order',
        message: 'This entry is earlier than the one before it; send the entries in order of setAt.',
      },
    ]);
  });

  it('is refused at the first step that is none', () => {
    expect(historyViolations(timeline('active', 'archived', 'inactive', 'active'), 'active')).toEqual([
      {
        in: 'body',
        pointer: '#/stateHistory/2/state',
        error: 'history-path',
        message: 'A customer cannot move into this state from the one before it.',
      },
    ]);
  });

  it('is refused when it ends in another state than the one beside it', () => {
    expect(historyViolations(timeline('active', 'deleted'), 'active')).toEqual([
      {
        in: 'body',
        pointer: '#/state',
        error: 'history-state',
        message: 'The state must be that of the last entry of the state history; send the same, or only one.',
      },
    ]);
  });

  it('is told everything that is wrong with it at once', () => {
    const [first, second] = timeline('archived', 'suspended') as [StateEntry, StateEntry];
    const backwards = [
      { ...first, setAt: second.setAt },
      { ...second, setAt: first.setAt },
    ];
    expect(errorsOf(backwards, 'deleted')).toEqual(['history-order', 'history-path', 'history-state']);
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
