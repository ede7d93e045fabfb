import { describe, expect, it } from '@jest/globals';
import { changeCustomer, moveCustomer } from '#lib/domain/customers/customer.ts';
import { requireMayDelete } from '#lib/domain/customers/deletion.ts';
import { HISTORY_LENGTH, type WrittenState, WRITTEN_STATES } from '#lib/domain/customers/customer-state.ts';
import { aCustomer, after, refusalOf, rules } from '../samples.ts';

type Change = Parameters<typeof requireMayDelete>[0];
const isRefused = (change: Change): boolean => {
  requireMayDelete(change, { mayDelete: true });
  try {
    requireMayDelete(change, { mayDelete: false });
    return false;
  } catch {
    expect(refusalOf(() => requireMayDelete(change, { mayDelete: false })).code).toBe('not-permitted');
    return true;
  }
};
const timeline = (...states: WrittenState[]) =>
  states.map((state, index) => ({ state, setAt: after(index) }));
const pairs = WRITTEN_STATES.flatMap((from) => WRITTEN_STATES.map((to) => [from, to] as const));

describe('a role that may not delete', () => {
  it.each(pairs)(
    'moves a customer that is %s to %s only when neither is deleted, or both are',
    (from, to) => {
      const before = aCustomer({ state: from });
      const moved = { ...before, stateHistory: timeline(from, to).slice(-1) };
      expect(isRefused({ before, after: from === to ? before : moved })).toBe(
        (from === 'deleted') !== (to === 'deleted'),
      );
    },
  );

  it.each(WRITTEN_STATES)('makes a customer that is %s, unless that is deleted', (state) => {
    expect(isRefused({ before: null, after: aCustomer({ state }) })).toBe(state === 'deleted');
  });

  it('is told which permission is missing', () => {
    const change = { before: null, after: aCustomer({ state: 'deleted' }) };
    expect(() => requireMayDelete(change, { mayDelete: false })).toThrow('does not include DELETE_CUSTOMER');
  });

  it('adds no deletion to a timeline, though the customer is live before and after', () => {
    const stateHistory = timeline('active', 'deleted', 'active');
    const before = aCustomer();
    expect(isRefused({ before, after: { ...before, stateHistory } })).toBe(true);
    expect(isRefused({ before: null, after: { ...before, stateHistory } })).toBe(true);
  });

  it('sends back a timeline with a deletion that was in it, and may leave it out', () => {
    const before = aCustomer({ stateHistory: timeline('active', 'deleted', 'active') });
    const noted = changeCustomer(
      before,
      { stateHistory: before.stateHistory, note: 'x' },
      rules({}, after(60)),
    );
    expect(isRefused({ before, after: noted })).toBe(false);
    expect(isRefused({ before, after: { ...before, stateHistory: timeline('active') } })).toBe(false);
    const other = [
      ...before.stateHistory.slice(0, 1),
      { state: 'deleted' as const, setAt: after(1.5) },
      ...before.stateHistory.slice(2),
    ];
    expect(isRefused({ before, after: { ...before, stateHistory: other } })).toBe(true);
  });

  it('moves a customer on whose oldest deletion leaves its full timeline', () => {
    const long = timeline('deleted', ...Array.from({ length: HISTORY_LENGTH - 1 }, () => 'active' as const));
    const before = aCustomer({ stateHistory: long });
    const moved = moveCustomer(before, 'archived', after(1_000));
    expect(moved.stateHistory.some(({ state }) => state === 'deleted')).toBe(false);
    expect(isRefused({ before, after: moved })).toBe(false);
  });

  it('changes a deleted customer that stays deleted', () => {
    const before = aCustomer({ state: 'deleted' });
    expect(isRefused({ before, after: changeCustomer(before, { note: 'x' }, rules({}, after(60))) })).toBe(
      false,
    );
  });
});
