import { bodyViolation, type Violation } from '#lib/domain/errors.ts';

/** The states of a customer. All but `deleted` are live. */
export const CUSTOMER_STATES = ['active', 'suspended', 'archived', 'deleted'] as const;
export type CustomerState = (typeof CUSTOMER_STATES)[number];

/**
 * The states as clients write them: `inactive` is the business panel's spelling of suspended, and is kept as written.
 */
export const WRITTEN_STATES = [...CUSTOMER_STATES, 'inactive'] as const;
export type WrittenState = (typeof WRITTEN_STATES)[number];

/** One entry of the visible timeline. */
export type StateEntry = Readonly<{ state: WrittenState; setAt: Date }>;

/** Most entries of the visible timeline. Beyond it, the oldest go. */
export const HISTORY_LENGTH = 200;

const STATES_BEFORE: Readonly<Record<CustomerState, readonly CustomerState[]>> = {
  active: ['suspended', 'archived', 'deleted'],
  suspended: ['active', 'deleted'],
  archived: ['active', 'suspended', 'deleted'],
  deleted: ['active', 'suspended', 'archived'],
};

/** The state that a written state stands for. */
export const stateMeaning = (written: WrittenState): CustomerState =>
  written === 'inactive' ? 'suspended' : written;

/** The states from which one step leads to `to`. `to` itself is not among them: staying is not a step. */
export const statesBefore = (to: CustomerState): readonly CustomerState[] => STATES_BEFORE[to];

/** Whether one step leads from one state to another. */
export const canMove = (from: CustomerState, to: CustomerState): boolean => STATES_BEFORE[to].includes(from);

/** Whether a customer in this state can be found by its email and phone, and keeps others from using them. */
export const isLive = (state: CustomerState): boolean => state !== 'deleted';

/**
 * The visible timeline that a client's one becomes. The client's clock may have been set back between two entries, so the order
 * given counts: a time earlier than the one before it becomes that one. Beyond 200 entries, the oldest go.
 */
export const visibleHistory = (given: readonly StateEntry[]): readonly StateEntry[] => {
  const lifted: StateEntry[] = [];
  for (const entry of given) {
    const before = lifted.at(-1);
    const isEarlier = before !== undefined && entry.setAt < before.setAt;
    lifted.push(isEarlier ? { ...entry, setAt: before.setAt } : entry);
  }
  return lifted.slice(-HISTORY_LENGTH);
};

const nameOf = ({ state, setAt }: StateEntry): string => `${state} ${setAt.toISOString()}`;

/**
 * Whether a timeline has an entry that the customer's own one lacks. Without one it is a stale copy. A full timeline has lost its
 * oldest entries, so an entry that is not later than the first one left may have been among those.
 */
export const bringsNewEntry = (own: readonly StateEntry[], given: readonly StateEntry[]): boolean => {
  const known = new Set(own.map(nameOf));
  const [oldest] = own.length < HISTORY_LENGTH ? [] : own;
  const mayBeLost = ({ setAt }: StateEntry): boolean => oldest !== undefined && setAt <= oldest.setAt;
  return given.some((entry) => !known.has(nameOf(entry)) && !mayBeLost(entry));
};

const isIllegalStep = (before: StateEntry, entry: StateEntry): boolean => {
  const from = stateMeaning(before.state);
  const to = stateMeaning(entry.state);
  return from !== to && !canMove(from, to);
};

/**
 * Checks a timeline that a client wrote. Each step must be legal or repeat the state, and the last entry must match `state` if
 * that is given.
 * @returns the first violation of each kind
 */
export const historyViolations = (
  history: readonly StateEntry[],
  state: WrittenState | undefined,
): readonly Violation[] => {
  const last = history.at(-1);
  const illegal = history.findIndex((entry, index) => {
    const before = history[index - 1];
    return before !== undefined && isIllegalStep(before, entry);
  });
  const found: Violation[] = [];
  if (illegal !== -1) {
    const message = 'A customer cannot move from the previous state to this one.';
    found.push(bodyViolation(`#/stateHistory/${String(illegal)}/state`, 'history-path', message));
  }
  if (last !== undefined && state !== undefined && stateMeaning(state) !== stateMeaning(last.state)) {
    const message = '`state` and the last `stateHistory` entry differ. Make them equal or leave one out.';
    found.push(bodyViolation('#/state', 'history-state', message));
  }
  return found;
};
