import { describe, expect, it } from '@jest/globals';
import { changeCustomer } from '#functions/customers/change-customer/change-customer.ts';
import { createCustomer } from '#functions/customers/create-customer/create-customer.ts';
import { deleteCustomer } from '#functions/customers/delete-customer/delete-customer.ts';
import { patchCustomer } from '#functions/customers/patch-customer/patch-customer.ts';
import { restoreCustomer } from '#functions/customers/restore-customer/restore-customer.ts';
import { setCustomerState } from '#functions/customers/set-customer-state/set-customer-state.ts';
import { mergeCustomer } from '#functions/duplicates/merge-customer/merge-customer.ts';
import { unmergeCustomer } from '#functions/duplicates/unmerge-customer/unmerge-customer.ts';
import { isPermitted } from '#lib/contract/permissions.ts';
import { CUSTOMER_STATES, canMove } from '#lib/domain/customers/customer-state.ts';
import { ROLES } from '#lib/domain/access/scope.ts';
import type { BusinessScope } from '#lib/domain/access/scope.ts';
import { Refusal } from '#lib/domain/errors.ts';
import { permit } from '#lib/serve/request/permit.ts';
import { settingsOf } from '#lib/store/business/stored-settings.ts';
import { customers } from '#lib/store/customers/customers.ts';
import { commit, rehearse } from '#lib/store/database/unit-of-work.ts';
import { merges } from '#lib/store/duplicates/merges.ts';
import { aBusiness, added } from '#test/support/a-business.ts';
import { aCustomer } from '#test/support/a-customer.ts';
import { aScope } from '#test/support/a-scope.ts';
import { aBusinessId, anEvent, useService } from '#test/support/service.ts';
import { expectNothingWritten } from '#test/support/stored.ts';

const service = useService('delete-permission');

const needs = { customers, settingsOf, merges, rehearse, now: () => new Date() };
type Fields = Readonly<Record<string, unknown>>;
type Step = (id: string, body: Fields, scope: BusinessScope) => Promise<unknown>;
const about = (id: string, body?: Fields) => ({ params: { id }, query: undefined, body }) as any;

/** The steps of every route that can move a customer, as the routes and the operations of a bulk run them. */
const STEPS: Readonly<Record<string, Step>> = {
  change: (id, body, scope) => changeCustomer(needs)(about(id, body), scope),
  patch: (id, body, scope) => patchCustomer(needs)(about(id, body), scope),
  'set state': (id, body, scope) => setCustomerState(needs)(about(id, body), scope),
  delete: (id, _body, scope) => deleteCustomer(needs)(about(id), scope),
  restore: (id, _body, scope) => restoreCustomer(needs)(about(id), scope),
};

/** Runs steps as a made-up role that may do everything but delete. */
const asEditor = (businessId: string, step: (scope: BusinessScope) => Promise<unknown>) => {
  const scope = aScope(businessId, { mayDelete: false });
  const attempt = async (): Promise<string> => {
    try {
      await step(scope);
      await commit(scope);
      return 'done';
    } catch (error) {
      if (error instanceof Refusal) return error.code;
      throw error;
    }
  };
  return attempt;
};

const WAYS = [
  ['change', 'state'],
  ['change', 'stateHistory'],
  ['patch', 'state'],
  ['patch', 'stateHistory'],
  ['set state', 'state'],
] as const;
const cases = WAYS.flatMap(([how, field]) =>
  CUSTOMER_STATES.flatMap((from) => CUSTOMER_STATES.map((to) => ({ how, field, from, to }))),
);

describe('a role that may change but not delete', () => {
  it.each(cases)('$how $field from $from to $to', async ({ how, field, from, to }) => {
    const business = aBusiness();
    const { _id } = await added(business, { state: from });
    const setAt = new Date();
    const body = field === 'state' ? { state: to } : { stateHistory: [{ state: to, setAt }], note: 'x' };
    const attempt = asEditor(business.businessId, (scope) => STEPS[how]!(_id, body, scope));
    const isMove = (from === 'deleted') !== (to === 'deleted');
    const isAddedDeletion = field === 'stateHistory' && to === 'deleted';
    if (how === 'patch' && from === 'deleted') expect(await attempt()).toBe('illegal-transition');
    else if (isMove || isAddedDeletion)
      expect(await expectNothingWritten(service, attempt)).toBe('not-permitted');
    else if (field === 'state' && from !== to && !canMove(from, to))
      expect(await attempt()).toBe('illegal-transition');
    else expect(await attempt()).toBe('done');
  });

  it.each(['delete', 'restore'])('does not %s', async (how) => {
    const business = aBusiness();
    const { _id } = await added(business, { state: how === 'delete' ? 'active' : 'deleted' });
    const attempt = asEditor(business.businessId, (scope) => STEPS[how]!(_id, {}, scope));
    expect(await expectNothingWritten(service, attempt)).toBe('not-permitted');
  });

  it('does not merge, which deletes one of two', async () => {
    const business = aBusiness();
    const [{ _id }, { _id: loserId }] = [await added(business), await added(business)];
    const attempt = asEditor(business.businessId, (scope) =>
      mergeCustomer(needs)(about(_id, { loserId, dryRun: false }), scope),
    );
    expect(await expectNothingWritten(service, attempt)).toBe('not-permitted');
  });

  it('does not undo a merge, which brings one of two back', async () => {
    const business = aBusiness();
    const [{ _id }, { _id: loserId }] = [await added(business), await added(business)];
    expect((await business.merge(_id, { loserId })).status).toBe(200);
    const attempt = asEditor(business.businessId, (scope) =>
      unmergeCustomer(needs)(about(_id, { loserId, dryRun: false }), scope),
    );
    expect(await expectNothingWritten(service, attempt)).toBe('not-permitted');
  });

  it.each(CUSTOMER_STATES)('creates a customer that is %s, unless that is deleted', async (state) => {
    const body = { ...aCustomer(), state } as any;
    const attempt = asEditor(aBusinessId(), (scope) => createCustomer(needs)(about('', body), scope));
    if (state === 'deleted') expect(await expectNothingWritten(service, attempt)).toBe('not-permitted');
    else expect(await attempt()).toBe('done');
  });

  it('creates again: an edit of a live customer may not delete it, and a deleted one stays deleted', async () => {
    const business = aBusiness();
    for (const [from, to, outcome] of [
      ['active', 'deleted', 'not-permitted'],
      ['active', 'archived', 'done'],
      ['deleted', 'active', 'done'],
    ] as const) {
      const draft = aCustomer({ state: from });
      const { _id } = await added(business, draft);
      const body = { ...draft, _id, state: to, note: 'edited offline' } as any;
      const attempt = asEditor(business.businessId, (scope) => createCustomer(needs)(about('', body), scope));
      expect([from, to, await attempt()]).toEqual([from, to, outcome]);
      const stays = outcome === 'not-permitted' || from === 'deleted';
      expect((await business.get(_id)).body.state).toBe(stays ? from : to);
    }
  });
});

describe('each role', () => {
  const readers = ROLES.filter((role) => isPermitted(role, 'READ_CUSTOMER'));
  it.each(readers)('%s may move into and out of deleted exactly if it may delete', (role) => {
    const event = anEvent({ businessId: aBusinessId(), role }) as any;
    const request = { purpose: 'serve-customer', requestId: 'r', deadline: 0 } as const;
    const scope = permit(event, 'READ_CUSTOMER', request);
    expect([scope.mayDelete, scope.again().mayDelete]).toEqual(
      Array(2).fill(isPermitted(role, 'DELETE_CUSTOMER')),
    );
  });
});
