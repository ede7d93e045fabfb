import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { created, defineRoute, ok } from '#lib/contract/route.ts';
import { defineSubscription } from '#lib/contract/subscription.ts';
import { defineOperation, defineSchedule } from '#lib/contract/task.ts';

const door = { name: 'greet', summary: 'Greet', impact: 'nobody is greeted', needs: [] } as const;
const route = { ...door, method: 'GET', path: '/greetings', answers: {}, problems: [] } as const;
const anybody = { openBecause: 'A greeting tells nothing.' } as const;
const open = { ...route, ...anybody } as const;
const member = { permission: 'READ_CUSTOMER', purpose: 'serve-customer' } as const;
const USUAL = { memoryMb: 1_024, timeoutSeconds: 10 };

describe('the contract of a route', () => {
  it('has the usual size and 128 KiB for a body, unless it says otherwise', () => {
    const { problems: _, ...defined } = defineRoute(open);
    const { problems: _own, ...said } = open;
    expect(defined).toEqual({ ...said, ...USUAL, kind: 'route', bodyLimitBytes: 131_072 });
    const own = { memoryMb: 256, timeoutSeconds: 3, bodyLimitBytes: 1 };
    expect(defineRoute({ ...open, ...own })).toMatchObject(own);
  });

  it.each([
    ['anybody may call', anybody, []],
    [
      'reads a body',
      { ...anybody, body: z.object({}) },
      ['unknown-field', 'malformed-json', 'unsupported-media-type', 'body-too-large'],
    ],
    [
      'asks for a permission',
      member,
      [
        'business-required',
        'not-permitted',
        'not-a-member',
        'unusable-subject',
        'rate-limited',
        'database-unavailable',
      ],
    ],
    ['anybody may send', { ...anybody, method: 'POST' }, []],
    [
      'may come again from a caller',
      { ...member, method: 'POST' },
      [
        'business-required',
        'not-permitted',
        'not-a-member',
        'unusable-subject',
        'rate-limited',
        'database-unavailable',
        'request-in-progress',
        'idempotency-key-reused',
      ],
    ],
    ['may name a version', { ...anybody, precondition: 'optional' }, ['stale-version']],
    ['must name a version', { ...anybody, precondition: 'required' }, ['stale-version', 'version-required']],
  ] as const)('that %s adds what the pipeline may refuse then', (_what, more, added) => {
    const { problems } = defineRoute({ ...route, ...more });
    expect(problems).toEqual(['invalid-request', 'unknown-parameter', ...added, 'internal-error']);
  });

  it('may be read again only if it is a GET', () => {
    expect(defineRoute({ ...open, readsAgain: true }).readsAgain).toBe(true);
    // @ts-expect-error -- a POST has an effect, and nothing may be done twice
    expect(defineRoute({ ...open, method: 'POST', readsAgain: true }).method).toBe('POST');
    // @ts-expect-error -- and so has a DELETE
    expect(defineRoute({ ...open, method: 'DELETE', readsAgain: true }).method).toBe('DELETE');
  });

  it('puts its own refusals first, and each once', () => {
    const { problems } = defineRoute({ ...open, problems: ['customer-not-found', 'invalid-request'] });
    expect(problems).toEqual([
      'customer-not-found',
      'invalid-request',
      'unknown-parameter',
      'internal-error',
    ]);
  });
});

describe('the contract of what no caller starts', () => {
  const shapes = { input: z.object({}), output: z.object({}) };

  it('says how it is started, with the usual size', () => {
    const schedule = { ...door, ...shapes, every: 'rate(1 hour)' };
    expect(defineSchedule(schedule)).toEqual({ ...USUAL, ...schedule, kind: 'schedule' });
    expect(defineOperation({ ...door, ...shapes })).toEqual({
      ...USUAL,
      ...door,
      ...shapes,
      kind: 'operation',
    });
    const subscription = { ...door, events: ['customer-accessed'] };
    expect(defineSubscription(subscription)).toEqual({ ...USUAL, ...subscription, kind: 'subscription' });
  });

  it('may have another size', () => {
    const own = { memoryMb: 256, timeoutSeconds: 900 };
    expect(defineOperation({ ...door, ...shapes, ...own })).toMatchObject(own);
  });
});

describe('an answer', () => {
  it('is 200, or 201 when something new is there', () => {
    expect([ok('body'), created('body')]).toEqual([
      { status: 200, body: 'body' },
      { status: 201, body: 'body' },
    ]);
  });
});
