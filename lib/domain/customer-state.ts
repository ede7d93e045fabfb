import type { Violation } from './errors.ts';

/** What a customer can be. Every state but `deleted` is live. */
export const CUSTOMER_STATES = ['active', 'suspended', 'archived', 'deleted'] as const;
export type CustomerState = (typeof CUSTOMER_STATES)[number];

/** How a state may be written: `inactive` is the business panel's spelling of suspended, kept as written. */
export const WRITTEN_STATES = [...CUSTOMER_STATES, 'inactive'] as const;
export type WrittenState = (typeof WRITTEN_STATES)[number];

/** One line of the visible timeline. */
export type StateEntry = Readonly<{ state: WrittenState; setAt: Date }>;

/** Longest visible timeline, so that a client can always send back what it got. */
export const HISTORY_LENGTH = 200;

const STATES_BEFORE: Readonly<Record<CustomerState, readonly CustomerState[]>> = {
  active: ['suspended', 'archived', 'deleted'],
  suspended: ['active', 'deleted'],
  archived: ['active', 'suspended', 'deleted'],
  deleted: ['active', 'suspended', 'archived'],
};

/** The state that a written state means. */
export const stateMeaning = (written: WrittenState): CustomerState =>
  written === 'inactive' ? 'suspended' : written;

/** The states from which one step leads to `to`; never `to` itself, which is no step. */
export const statesBefore = (to: CustomerState): readonly CustomerState[] => STATES_BEFORE[to];

/** Whether one step leads from one state to another. */
export const canMove = (from: CustomerState, to: CustomerState): boolean => STATES_BEFORE[to].includes(from);

/** Live customers hold their email and phone and can be found by them. */
export const isLive = (state: CustomerState): boolean => state !== 'deleted';

/** The index of the first entry for which `isWrong(before, entry)` holds, or -1. */
const firstWrongStep = (
  history: readonly StateEntry[],
  isWrong: (before: StateEntry, entry: StateEntry) => boolean,
): number =>
  history.findIndex((entry, index) => {
    const before = history[index - 1];
    return before !== undefined && isWrong(before, entry);
  });

const isIllegalStep = (before: StateEntry, entry: StateEntry): boolean => {
  const from = stateMeaning(before.state);
  const to = stateMeaning(entry.state);
  return from !== to && !canMove(from, to);
};

const violation = (pointer: string, error: string, message: string): Violation => ({
  in: 'body',
  pointer,
  error,
  message,
});

/**
 * What is wrong with a timeline that a client wrote: it has 1 to 200 entries in order of `setAt` (equal times
 * are in order), each step is legal or repeats the state, and it ends in `state` where one is given.
 * Of each kind the first finding only.
 */
export const historyViolations = (
  history: readonly StateEntry[],
  state: WrittenState | undefined,
): readonly Violation[] => {
  const last = history.at(-1);
  if (last === undefined || history.length > HISTORY_LENGTH) {
    const message = `The state history must have 1 to ${String(HISTORY_LENGTH)} entries.`;
    return [violation('#/stateHistory', 'history-length', message)];
  }
  const unordered = firstWrongStep(history, (before, entry) => entry.setAt < before.setAt);
  const illegal = firstWrongStep(history, isIllegalStep);
  const found: Violation[] = [];
  if (unordered !== -1) {
    const message = 'This entry is earlier than the one before it; send the entries in order of setAt.';
    found.push(violation(`#/stateHistory/${String(unordered)}/setAt`, 'history-order', message));
  }
  if (illegal !== -1) {
    const message = 'A customer cannot move into this state from the one before it.';
    found.push(violation(`#/stateHistory/${String(illegal)}/state`, 'history-path', message));
  }
  if (state !== undefined && stateMeaning(state) !== stateMeaning(last.state)) {
    const message =
      'The state must be that of the last entry of the state history; send the same, or only one.';
    found.push(violation('#/state', 'history-state', message));
  }
  return found;
};
