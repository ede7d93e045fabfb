import { hiddenFrom } from '../../../../lib/domain/access/hidden-fields.ts';
import { recordAccess } from '../../../../lib/runtime/access-log.ts';

const about = ({ contract, scope, requestId, status }) => ({
  requestId,
  useCase: contract.name,
  purpose: contract.purpose,
  ...(scope && { actor: scope.actorId, role: scope.role, business: scope.businessId }),
  status,
});

/** Writes who saw whom, before the answer leaves. A new customer stands in its history already. */
export const tellAccess = async ({ items, outcome = 'read', ...asked }) => {
  const fields = Object.keys(items[0] ?? {});
  await recordAccess('customer-accessed', {
    ...about(asked),
    outcome,
    filters: [],
    fields,
    masked: hiddenFrom(asked.scope.role).filter((name) => fields.includes(name)),
    customers: items.map(({ _id }) => _id),
  });
};

/** Writes who was refused what. */
export const tellDenial = async ({ id, code, ...asked }) => {
  if (asked.status !== 403 && asked.status !== 404) return;
  await recordAccess('access-denied', {
    ...about(asked),
    outcome: 'denied',
    code,
    filters: [],
    fields: [],
    masked: [],
    customers: id === undefined ? [] : [id],
  });
};
