import { isPermitted } from '../../../../lib/contract/permissions.ts';
import { ROLES } from '../../../../lib/domain/access/scope.ts';
import { Refusal } from '../../../../lib/domain/errors.ts';

const BUSINESS_ID = /^[0-9a-f]{24}$/;

/** Who asks, in which business and what for: from verified claims and the tenant header. */
export const memberOf = ({ claims, business, contract, requestId }) => {
  const businessId = business?.toLowerCase() ?? '';
  if (!BUSINESS_ID.test(businessId)) throw new Refusal('business-required', 'Name one business.');
  const memberships = String(claims.business_roles ?? '')
    .split(' ')
    .map((membership) => membership.split(':'))
    .filter(([id]) => id.toLowerCase() === businessId);
  if (memberships.length === 0) throw new Refusal('not-a-member', 'Your token does not name this business.');
  const [[, role]] = memberships;
  if (memberships.length > 1 || !ROLES.includes(role) || !isPermitted(role, contract.permission))
    throw new Refusal('not-permitted', `Your role does not include ${contract.permission}.`);
  return { businessId, actorId: claims.sub, role, purpose: contract.purpose, requestId };
};
