import { isPermitted, type Permission } from '#lib/contract/permissions.ts';
import { BusinessScope, type Role, ROLES } from '#lib/domain/actor.ts';
import { Refusal } from '#lib/domain/errors.ts';
import type { HttpEvent } from './http-event.ts';

const TENANT_HEADER = 'x-business-tenant-id';
const BUSINESS_ID = /^[0-9a-f]{24}$/;

/**
 * Makes the scope of a request from the claims that the gateway's authorizer verified. The tenant header only
 * selects among the businesses of the claim; nothing else can name one.
 * @throws Refusal `business-required`, `not-a-member` or `not-permitted`
 */
export const permit = (
  event: Pick<HttpEvent, 'headers' | 'requestContext'>,
  permission: Permission,
  request: Pick<BusinessScope, 'purpose' | 'requestId' | 'deadline'>,
): BusinessScope => {
  const businessId = event.headers[TENANT_HEADER]?.toLowerCase() ?? '';
  if (!BUSINESS_ID.test(businessId)) {
    throw new Refusal(
      'business-required',
      `Name one business in the header ${TENANT_HEADER}: 24 hexadecimal digits.`,
    );
  }
  const claims = event.requestContext.authorizer?.jwt.claims ?? {};
  const role = roleIn(claims['business_roles'], businessId);
  const actorId = claims['sub'];
  if (typeof actorId !== 'string' || actorId === '' || !isPermitted(role, permission)) {
    throw new Refusal('not-permitted', `Your role in this business does not include ${permission}.`);
  }
  return new BusinessScope({ businessId, actorId, role, ...request });
};

/** Who calls, as far as the claims and the header say, whether that is let in or not: for the record of it. */
export const callerOf = ({ headers, requestContext }: Pick<HttpEvent, 'headers' | 'requestContext'>) => {
  const { sub, business_roles: roles } = requestContext.authorizer?.jwt.claims ?? {};
  const business = headers[TENANT_HEADER]?.toLowerCase() ?? '';
  const isNamed = BUSINESS_ID.test(business);
  const role = isNamed ? roleOrNull(roles, business) : null;
  return {
    ...(typeof sub === 'string' && sub !== '' && { actor: sub }),
    ...(role !== null && { role }),
    ...(isNamed && { business }),
  };
};

const roleOrNull = (claim: unknown, businessId: string): Role | null => {
  try {
    return roleIn(claim, businessId);
  } catch {
    return null;
  }
};

/** The one role that the claim gives in a business. Two roles for one business mean a broken issuer: none counts. */
const roleIn = (claim: unknown, businessId: string): Role => {
  const memberships = typeof claim === 'string' ? claim.split(' ') : [];
  const roles = memberships
    .map((membership) => membership.split(':'))
    .filter(([id]) => id?.toLowerCase() === businessId);
  const [membership] = roles;
  if (membership === undefined) {
    throw new Refusal('not-a-member', 'Your token does not name this business. Choose one of your own.');
  }
  const role = ROLES.find((known) => known === membership[1]);
  if (roles.length > 1 || membership.length !== 2 || role === undefined) {
    throw new Refusal('not-permitted', 'Your token gives no single known role in this business.');
  }
  return role;
};
