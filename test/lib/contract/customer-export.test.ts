import { describe, expect, it } from '@jest/globals';
import {
  CustomerExport,
  toExplanation,
  toExportedChange,
  toExportedCustomer,
  toHeld,
  toSuppressions,
} from '#lib/contract/customer-export.ts';
import { toCustomerDto } from '#lib/contract/customer-dto.ts';
import { toPreferencesDto } from '#lib/contract/preferences-dto.ts';
import { NO_PREFERENCES } from '#lib/domain/activity/preferences.ts';
import { PROCESSING } from '#lib/domain/rights/processing.ts';
import type { Customer } from '#lib/domain/customers/customer.ts';

const AT = new Date('2026-11-01T10:00:00.000Z');
const customer: Customer = {
  ...{ id: 'a'.repeat(24), firstName: 'Anna', lastName: 'Canary', phone: null, email: 'canary@example.com' },
  ...{ note: 'canary note', customerType: 'new', version: 1, createdAt: AT, updatedAt: AT },
  stateHistory: [{ state: 'active', setAt: AT }],
};
const change = {
  ...{ seq: 7, at: AT, businessId: 'b'.repeat(24), customerId: 'a'.repeat(24), requestId: 'a-request' },
  ...{ actor: 'an-employee', role: 'OWNER' as const, purpose: 'serve-customer', action: 'change-customer' },
  ...{ fields: ['note'], keyId: 'k1', from: null, to: null, reason: 'canary reason' },
};
const shown = {
  ...{ at: '2026-11-01T10:00:00.000Z', role: 'OWNER', action: 'change-customer', purpose: 'serve-customer' },
  ...{ fields: ['note'], reason: 'canary reason' },
};

describe('an export', () => {
  it('has the whole record under article 15, and no note under article 20', () => {
    const { note, ...others } = toCustomerDto(customer);
    expect(toExportedCustomer(customer, 15)).toEqual({ ...others, note });
    expect(toExportedCustomer(customer, 20)).toEqual(others);
  });

  it('says of a change what was done in which role, and by whom only when it shows the staff', () => {
    expect(toExportedChange(change, false)).toEqual(shown);
    expect(toExportedChange(change, true)).toEqual({ ...shown, actor: 'an-employee' });
    const { reason: _, ...withoutReason } = shown;
    expect(toExportedChange({ ...change, reason: null }, false)).toEqual(withoutReason);
  });

  it('names the purpose and the channel of each refusal that is kept, and when it was said', () => {
    expect(toSuppressions(new Map([['marketing:email', AT]]))).toEqual([
      { purpose: 'marketing', channel: 'email', refusedAt: '2026-11-01T10:00:00.000Z' },
    ]);
    expect(toSuppressions(new Map())).toEqual([]);
  });

  it('says that a legal hold keeps the record, and since when where that is known', () => {
    expect(toHeld(false, AT)).toEqual([]);
    expect(toHeld(true, AT)).toEqual([
      {
        what: 'the whole record, under a legal hold since 2026-11-01T10:00:00.000Z',
        until: 'until the hold ends',
      },
    ]);
    expect(toHeld(true, undefined)).toEqual([
      { what: 'the whole record, under a legal hold', until: 'until the hold ends' },
    ]);
  });

  it('explains each use of data about the person, what is kept, and how to learn who saw it', () => {
    const kept = [{ what: 'the history', until: 'for ever' }];
    const { processing = [], ...others } = toExplanation(PROCESSING, kept);
    expect(processing).toEqual(
      PROCESSING.filter(({ purpose }) => purpose !== 'configure-business').map((one) => ({ ...one })),
    );
    expect(others).toEqual({
      kept,
      accesses: {
        keptMonths: 13,
        how: 'Ask for it: the access log shows when, in which role and what for the record was seen.',
      },
    });
  });

  const least = {
    object: 'CustomerExport',
    article: 20,
    exportedAt: AT.toISOString(),
    customer: toExportedCustomer(customer, 20),
    merged: [],
    consents: [],
    orders: [],
    payments: [],
    preferences: toPreferencesDto(NO_PREFERENCES),
  };
  it('has a record, merged ones, consents, orders, payments and preferences; everything else may be absent', () => {
    expect(CustomerExport.safeParse(least).success).toBe(true);
    for (const name of [
      'object',
      'article',
      'exportedAt',
      'customer',
      'merged',
      'consents',
      'orders',
      'payments',
      'preferences',
    ])
      expect(CustomerExport.safeParse({ ...least, [name]: undefined }).success).toBe(false);
    expect(CustomerExport.safeParse({ ...least, article: 16 }).success).toBe(false);
    const whole = {
      ...least,
      article: 15,
      suppressions: toSuppressions(new Map([['marketing:email', AT]])),
      changes: [toExportedChange({ ...change, role: null }, true)],
      ...toExplanation(PROCESSING, toHeld(true, AT)),
      nextCursor: 'a cursor',
    };
    expect(CustomerExport.parse(whole)).toEqual(whole);
  });
});
