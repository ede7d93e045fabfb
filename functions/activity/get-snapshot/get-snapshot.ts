import { toAttendeeDto, toPayerDto } from '#lib/contract/attendee-dto.ts';
import { ok, type UseCase } from '#lib/contract/route.ts';
import { customerNotFound } from '#lib/domain/refusals.ts';
import type { Snapshots } from '#lib/store/activity/snapshots.ts';
import type { contract } from './contract.ts';

type Needs = { snapshots: Snapshots; now: () => Date };

/** Takes a copy of a customer, as an order or a payment keeps it. */
export const getSnapshot =
  ({ snapshots, now }: Needs): UseCase<typeof contract> =>
  async ({ params: { id }, query: { as: use, at, exceptOrder = null } }, scope) => {
    const takenAt = now();
    const found = (await snapshots.find([id], scope)).get(id);
    if (found === undefined) throw customerNotFound();
    const { customer, customerId } = found;
    if (use === 'payer') return ok(toPayerDto({ customer, takenAt }));
    const told = await snapshots.tell([found], { at: at ?? takenAt, exceptOrder }, scope);
    return ok(toAttendeeDto({ customer, takenAt, firstTime: told.get(customerId) ?? true }));
  };
