import { describe, expect, it } from '@jest/globals';
import { isPermitted } from '#lib/contract/permissions.ts';
import { BusinessScope, ROLES } from '#lib/domain/access/scope.ts';
import type { Refusal } from '#lib/domain/errors.ts';
import { callerOf, permit } from '#lib/serve/request/permit.ts';

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
    ['there are two roles', member(`${BUSINESS}:OWNER`, `${BUSINESS}:OWNER`)],
  ])('permits nothing when %s', (_how, claims) => {
    expect(refusalOf(calling(BUSINESS, claims))).toBe('not-permitted');
  });

  const OWN = `${BUSINESS}:OWNER`;
  it.each([
    ['a business without a role', member(BUSINESS)],
    ['something behind a role', member(`${OWN}:ADMIN`)],
    ['an empty role', member(`${BUSINESS}:`)],
    ['a role in small letters', member(`${BUSINESS}:owner`)],
    ['a part of a business', member(OWN, `${OTHER.slice(1)}:OWNER`)],
    ['more than a business', member(OWN, `0${OTHER}:OWNER`)],
    ['letters that are no digits', member(OWN, `${'g'.repeat(24)}:OWNER`)],
    ['a malformed one behind the business', member(OWN, OTHER)],
    ['a malformed one before the business', member('x', OWN)],
    ['two blanks', `${OWN}  ${OTHER}:OWNER`],
    ['a blank before it', ` ${OWN}`],
    ['a blank behind it', `${OWN} `],
    ['a line break', `${OWN}\n${OTHER}:OWNER`],
    ['a tab', `${OWN}\t${OTHER}:OWNER`],
  ])('counts nothing of a claim with %s, and says so', (_what, claim) => {
    const claims = typeof claim === 'string' ? { sub: 'user-1', business_roles: claim } : claim;
    expect(refusalOf(calling(BUSINESS, claims))).toBe('not-a-member');
    expect(() => permit(calling(BUSINESS, claims), 'UPDATE_CUSTOMER', REQUEST)).toThrow('business_roles');
  });

  it.each([undefined, '', 7])('says of the claim %j only that it does not include the business', (claim) => {
    const refuse = () =>
      permit(calling(BUSINESS, { sub: 'user-1', business_roles: claim }), 'UPDATE_CUSTOMER', REQUEST);
    expect(refuse).toThrow('Your token does not include this business.');
  });

  it('says of a malformed claim how it is written, and that none of it counts', () => {
    const refuse = () => permit(calling(BUSINESS, member(OWN, 'x')), 'UPDATE_CUSTOMER', REQUEST);
    expect(refuse).toThrow(/must list <businessId>:<ROLE>.* so no business in it counts\./);
  });

  it.each(ROLES)('says whether %s may delete', (role) => {
    const event = calling(BUSINESS, member(`${BUSINESS}:${role}`));
    expect(permit(event, 'READ_CUSTOMER', REQUEST).mayDelete).toBe(isPermitted(role, 'DELETE_CUSTOMER'));
  });

  it('takes a role of several words, which it then does not know', () => {
    expect(refusalOf(calling(BUSINESS, member(OWN, `${OTHER}:FRONT_DESK`)))).toBe('none');
    expect(refusalOf(calling(OTHER, member(OWN, `${OTHER}:FRONT_DESK`)))).toBe('not-permitted');
  });

  it.each([
    undefined,
    '',
    7,
    null,
    ['user-1'],
    'two words',
    'line\nbreak',
    'żaneta',
    'x'.repeat(256),
    'operator:alice',
  ])('refuses the subject %j by a code of its own, before the permission is looked at', (sub) => {
    for (const role of ['OWNER', 'SUPPORT'])
      expect(refusalOf(calling(BUSINESS, { ...member(`${BUSINESS}:${role}`), sub }))).toBe(
        'unusable-subject',
      );
  });

  it('says what a subject must be', () => {
    const event = calling(BUSINESS, { ...member(OWN), sub: 'canary canary' });
    const refuse = () => permit(event, 'UPDATE_CUSTOMER', REQUEST);
    expect(refuse).toThrow(
      /`sub`.*1 to 255 ASCII characters without spaces.*operator:, event:, task:, link:\./,
    );
    expect(refuse).not.toThrow('canary');
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
      'the name is one of the service’s own',
      calling(BUSINESS, { sub: 'operator:alice', business_roles: `${BUSINESS}:OWNER` }),
      { ...WHOLE, actor: undefined },
    ],
    [
      'the claim is malformed',
      calling(BUSINESS, member(`${BUSINESS}:OWNER`, 'x')),
      { ...WHOLE, role: undefined },
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
