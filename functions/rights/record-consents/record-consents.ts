import { toConsentDto, toStatements } from '#lib/contract/consents-dto.ts';
import { ok, type UseCase } from '#lib/contract/route.ts';
import { isLive } from '#lib/domain/customers/customer-state.ts';
import { stateOf } from '#lib/domain/customers/customer.ts';
import { customerNotFound, grantOfDeleted } from '#lib/domain/refusals.ts';
import { inEffect } from '#lib/domain/rights/consents.ts';
import {
  hasGrant,
  newStatements,
  refuseSuppressed,
  requireCredibleTimes,
} from '#lib/domain/rights/recorded-consents.ts';
import type { CustomerConsents } from '#lib/store/rights/consents.ts';
import type { contract } from './contract.ts';

type Needs = { consents: Pick<CustomerConsents, 'findAtNow' | 'read' | 'record'> };

/** Records what a customer allows or refuses. For a merged customer, it records it for the survivor. */
export const recordConsents =
  ({ consents }: Needs): UseCase<typeof contract> =>
  async ({ params: { id }, body }, scope) => {
    const sent = toStatements(body.consents);
    const found = await consents.findAtNow(id, scope);
    if (found === null) throw customerNotFound();
    const { stored, now } = found;
    requireCredibleTimes(sent, now);
    if (!isLive(stateOf(stored.customer)) && hasGrant(sent)) throw grantOfDeleted();
    const kept = await consents.read(stored, sent, scope);
    const statements = newStatements(sent, { ...kept, now });
    refuseSuppressed(statements, kept);
    const added = statements.length === 0 ? [] : await consents.record(found, { ...kept, statements }, scope);
    const current = inEffect([...kept.consents, ...added]);
    return ok({
      current: current.map((consent) => toConsentDto(consent, kept.suppressions)),
      added: added.length,
    });
  };
