import { isPermitted, type Permission } from '#lib/contract/permissions.ts';
import { isUsableSubject, OWN_PREFIXES } from '#lib/domain/access/actor.ts';
import { BusinessScope, type Role, ROLES } from '#lib/domain/access/scope.ts';
import { Refusal } from '#lib/domain/errors.ts';
import { notPermitted } from '#lib/domain/refusals.ts';
import type { HttpEvent } from './http-event.ts';

const TENANT_HEADER = 'x-business-tenant-id';
const BUSINESS_ID = /^[0-9a-f]{24}$/;
/** The whole claim `business_roles`: `<businessId>:<ROLE>`, separated by single spaces. */
const MEMBERSHIPS = /^[0-9a-fA-F]{24}:[A-Z_]+(?: [0-9a-fA-F]{24}:[A-Z_]+)*$/;

/**
 * Creates the scope of a request from the claims that the gateway's authorizer verified. The tenant header selects one
 * of the businesses in the claim. Nothing else in a request can select a business.
 * @throws Refusal `business-required`, `not-a-member`, `unusable-subject` or `not-permitted`
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
      `Send the id of one business in the header ${TENANT_HEADER}, as 24 hexadecimal digits.`,
    );
  }
  const claims = event.requestContext.authorizer?.jwt.claims ?? {};
  const role = roleIn(claims['business_roles'], businessId);
  const actorId = claims['sub'];
  // 403, because 401 would make a client fetch a new token, with the same subject, again and again.
  if (!isUsableSubject(actorId)) throw new Refusal('unusable-subject', UNUSABLE_SUBJECT);
  if (!isPermitted(role, permission)) throw notPermitted(permission);
  const mayDelete = isPermitted(role, 'DELETE_CUSTOMER');
  return new BusinessScope({ businessId, actorId, role, mayDelete, ...request });
};

const UNUSABLE_SUBJECT =
  'The subject (`sub`) of your token cannot be used. It must have 1 to 255 ASCII characters without spaces, and must not ' +
  `begin with ${OWN_PREFIXES.join(', ')}. Ask the issuer of your tokens to change it.`;

/** The caller, as far as claims and header tell, for the access log. It may be a caller without permission. */
export const callerOf = ({ headers, requestContext }: Pick<HttpEvent, 'headers' | 'requestContext'>) => {
  const { sub, business_roles: roles } = requestContext.authorizer?.jwt.claims ?? {};
  const business = headers[TENANT_HEADER]?.toLowerCase() ?? '';
  const isNamed = BUSINESS_ID.test(business);
  const role = isNamed ? roleOrNull(roles, business) : null;
  return {
    ...(isUsableSubject(sub) && { actor: sub }),
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

/**
 * The role in the claim for a business. Of a claim that is malformed anywhere nothing counts, and of two roles for one business
 * neither: both mean a faulty issuer.
 */
const roleIn = (claim: unknown, businessId: string): Role => {
  const roles = membershipsIn(claim)
    .filter((membership) => membership.slice(0, businessId.length).toLowerCase() === businessId)
    .map((membership) => membership.slice(businessId.length + ':'.length));
  const [named] = roles;
  if (named === undefined) {
    throw new Refusal(
      'not-a-member',
      'Your token does not include this business. Choose a business that it includes.',
    );
  }
  const role = ROLES.find((known) => known === named);
  if (roles.length > 1 || role === undefined) {
    throw new Refusal('not-permitted', 'Your token must name exactly one known role for this business.');
  }
  return role;
};

const membershipsIn = (claim: unknown): readonly string[] => {
  if (typeof claim !== 'string' || claim === '') return [];
  if (MEMBERSHIPS.test(claim)) return claim.split(' ');
  throw new Refusal(
    'not-a-member',
    'The claim `business_roles` of your token must list <businessId>:<ROLE>, separated by single spaces. It does not, so no ' +
      'business in it counts.',
  );
};
