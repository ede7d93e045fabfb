import { describe, expect, it } from '@jest/globals';
import { BusinessScope, CallerScope, isScope, SystemScope } from '#lib/domain/access/scope.ts';

const membership = {
  businessId: '5f1d7f3a9c3b4e2d8a6c1b0a',
  actorId: 'user-1',
  role: 'OWNER',
  mayDelete: true,
  purpose: 'serve-customer',
  requestId: 'request-1',
  deadline: 1,
} as const;
const commission = { purpose: 'purge-deleted-customers', requestId: 'request-1', deadline: 1 };
const scope = new BusinessScope(membership);
const system = new SystemScope(commission);
const refused = { actorId: 'user-1', requestId: 'request-1', deadline: 1 };
const caller = new CallerScope(refused);
// eslint-disable-next-line @typescript-eslint/no-misused-spread -- lint refuses the very mistake that is tried here
const copyOf = (one: BusinessScope) => ({ ...one });

describe('a scope', () => {
  it('carries what its maker verified', () => {
    expect(scope).toMatchObject({ kind: 'business', ...membership });
    expect(system).toMatchObject({ kind: 'system', ...commission });
    expect(caller).toMatchObject({ kind: 'caller', ...refused });
    expect([scope, system, caller].every(isScope)).toBe(true);
  });

  it.each<[string, unknown]>([
    ['a literal of the same shape', { kind: 'business', ...membership }],
    ['a literal of a system scope', { kind: 'system', ...commission }],
    ['a literal of a caller scope', { kind: 'caller', ...refused }],
    ['a copy', copyOf(scope)],
    ['an altered copy', { ...copyOf(scope), businessId: '0'.repeat(24) }],
    ['a structured clone', structuredClone(copyOf(scope))],
    ['an object with a scope behind it', Object.create(scope, { businessId: { value: '0'.repeat(24) } })],
    ['an object of its prototype', Object.create(BusinessScope.prototype)],
    ['a proxy of a scope', new Proxy(scope, {})],
    ['nothing', undefined],
    ['null', null],
    ['a text', 'business'],
  ])('is not %s', (_what, value) => {
    expect(isScope(value)).toBe(false);
  });

  it('is not a literal or a copy for the compiler either', () => {
    const take = (taken: BusinessScope | SystemScope) => taken.kind;
    // @ts-expect-error -- a literal lacks what only the class can give
    expect(take({ kind: 'business', ...membership, again: () => scope })).toBe('business');
    // @ts-expect-error -- and so does a copy
    expect(take({ ...copyOf(scope), again: () => scope })).toBe('business');
  });

  it('cannot be moved to another business or purpose', () => {
    expect(() => Object.assign(scope, { businessId: '0'.repeat(24) })).toThrow(TypeError);
    expect(() => Object.assign(system, { purpose: 'another' })).toThrow(TypeError);
    expect(() => Object.assign(caller, { actorId: 'another' })).toThrow(TypeError);
    expect(scope.businessId).toBe(membership.businessId);
  });

  it('can be had again for another attempt: the same request, another object', () => {
    expect(scope.again()).toEqual(scope);
    expect(scope.again()).not.toBe(scope);
    expect(isScope(scope.again())).toBe(true);
    expect(system.again()).toEqual(system);
    expect(isScope(system.again())).toBe(true);
  });
});
