import { describe, expect, it } from '@jest/globals';
import { BusinessScope } from '#lib/domain/actor.ts';
import type { Refusal } from '#lib/domain/errors.ts';
import { callerOf, permit } from '#lib/http/permit.ts';

const BUSINESS = '5f1d7f3a9c3b4e2d8a6c1b0a';
const OTHER = '5f1d7f3a9c3b4e2d8a6c1b0b';
const REQUEST = { purpose: 'serve-customer', requestId: 'request-1', deadline: 7 } as const;

/** What the gateway hands over of a caller who names a business and whose token makes these claims. */
const calling = (business: string | undefined, claims: Readonly<Record<string, unknown>>) => ({
  headers: business === undefined ? {} : { 'x-business-tenant-id': business },
  requestContext: { authorizer: { jwt: { claims } } },
});
const member = (...memberships: string[]) => ({ sub: 'user-1', business_roles: memberships.join(' ') });
const OWNER = calling(BUSINESS, member(`${BUSINESS}:OWNER`));

const refusalOf = (event: Parameters<typeof permit>[0]): string => {
  try {
    permit(event, 'UPDATE_CUSTOMER', REQUEST);
  } catch (error) {
    return (error as Refusal).code;
  }
  return 'none';
};

describe('permit', () => {
  it('makes the scope of a request: the business that is named, the caller, its role there', () => {
    const scope = permit(OWNER, 'UPDATE_CUSTOMER', REQUEST);
    expect(BusinessScope.isOne(scope)).toBe(true);
    expect(scope).toMatchObject({ businessId: BUSINESS, actorId: 'user-1', role: 'OWNER', ...REQUEST });
  });

  it('selects among the businesses of the claim, in any letter case of header and claim', () => {
    const roles = member(`${OTHER}:SUPPORT`, `${BUSINESS.toUpperCase()}:ADMIN`);
    const scope = permit(calling(BUSINESS.toUpperCase(), roles), 'UPDATE_CUSTOMER', REQUEST);
    expect(scope).toMatchObject({ businessId: BUSINESS, role: 'ADMIN' });
    expect(refusalOf(calling(OTHER, roles))).toBe('not-permitted');
  });

  it.each([undefined, '', BUSINESS.slice(1), `${BUSINESS}0`, `0${BUSINESS}`, 'g'.repeat(24)])(
    'asks for one business where the header is %j',
    (header) => {
      expect(refusalOf(calling(header, member(`${BUSINESS}:OWNER`)))).toBe('business-required');
    },
  );

  it('asks for the business before it looks who calls', () => {
    expect(refusalOf({ headers: {}, requestContext: {} })).toBe('business-required');
  });

  it.each([
    ['no authorizer spoke', { ...OWNER, requestContext: {} }],
    ['the claim is not there', calling(BUSINESS, { sub: 'user-1' })],
    ['the claim is no text', calling(BUSINESS, { sub: 'user-1', business_roles: [`${BUSINESS}:OWNER`] })],
    ['the claim names another business', calling(BUSINESS, member(`${OTHER}:OWNER`))],
    ['the claim is empty', calling(BUSINESS, member(''))],
  ])('knows no member when %s', (_how, event) => {
    expect(refusalOf(event)).toBe('not-a-member');
  });

  it.each([
    ['the role does not include it', member(`${BUSINESS}:SUPPORT`)],
    ['the role is none', member(`${BUSINESS}:ROOT`)],
    ['there is no role', member(BUSINESS)],
    ['something follows the role', member(`${BUSINESS}:OWNER:ADMIN`)],
    ['there are two roles', member(`${BUSINESS}:OWNER`, `${BUSINESS}:OWNER`)],
    ['nobody is named', { ...member(`${BUSINESS}:OWNER`), sub: undefined }],
    ['the name is empty', { ...member(`${BUSINESS}:OWNER`), sub: '' }],
    ['the name is no text', { ...member(`${BUSINESS}:OWNER`), sub: ['user-1'] }],
  ])('permits nothing when %s', (_how, claims) => {
    expect(refusalOf(calling(BUSINESS, claims))).toBe('not-permitted');
  });
});

describe('callerOf', () => {
  const WHOLE = { actor: 'user-1', role: 'OWNER', business: BUSINESS };

  it('says who calls, in which role, for which business', () => {
    expect(callerOf(OWNER)).toEqual(WHOLE);
    expect(callerOf({ ...OWNER, headers: { 'x-business-tenant-id': BUSINESS.toUpperCase() } })).toEqual(
      WHOLE,
    );
  });

  it.each<[string, Parameters<typeof callerOf>[0], object]>([
    ['no authorizer spoke', { ...OWNER, requestContext: {} }, { business: BUSINESS }],
    ['nothing is known', { headers: {}, requestContext: {} }, {}],
    ['no business is named', { ...OWNER, headers: {} }, { actor: 'user-1' }],
    ['what is named is no business', calling('x', member('x:OWNER')), { actor: 'user-1' }],
    ['it is no member', calling(OTHER, member(`${BUSINESS}:OWNER`)), { actor: 'user-1', business: OTHER }],
    [
      'nobody is named',
      calling(BUSINESS, { sub: '', business_roles: `${BUSINESS}:OWNER` }),
      { ...WHOLE, actor: undefined },
    ],
    [
      'the name is no text',
      calling(BUSINESS, { sub: 7, business_roles: `${BUSINESS}:OWNER` }),
      { ...WHOLE, actor: undefined },
    ],
  ])('says what it can when %s', (_how, event, said) => {
    const known = Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined));
    expect(callerOf(event)).toStrictEqual(known);
  });
});
