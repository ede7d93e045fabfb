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
    expect(errorsOf([])).toEqual(['history-length']);
    expect(errorsOf(timeline(...Array<WrittenState>(200).fill('active')))).toEqual([]);
    expect(errorsOf(timeline(...Array<WrittenState>(201).fill('active')))).toEqual(['history-length']);
  });

  it('is refused at the first entry that is earlier than the one before it', () => {
    const [first, second, third] = timeline('active', 'suspended', 'active') as [
      StateEntry,
      StateEntry,
      StateEntry,
    ];
    expect(historyViolations([first, third, second], undefined)).toMatchObject([
      { error: 'history-order', pointer: '#/stateHistory/2/setAt', in: 'body' },
    ]);
  });

  it('is refused at the first step that is none', () => {
    expect(historyViolations(timeline('active', 'archived', 'inactive', 'active'), 'active')).toMatchObject([
      { error: 'history-path', pointer: '#/stateHistory/2/state' },
    ]);
  });

  it('is refused when it ends in another state than the one beside it', () => {
    expect(errorsOf(timeline('active', 'deleted'), 'active')).toEqual(['history-state']);
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
