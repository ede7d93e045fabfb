import { toAttendeeDto, toPayerDto } from '#lib/contract/attendee-dto.ts';
import type { Problem } from '#lib/contract/problem-body.ts';
import { ok, type UseCase } from '#lib/contract/route.ts';
import type { Refusal } from '#lib/domain/errors.ts';
import { customerNotFound } from '#lib/domain/refusals.ts';
import type { Snapshots } from '#lib/store/activity/snapshots.ts';
import type { contract } from './contract.ts';

type Needs = {
  snapshots: Snapshots;
  toResultError: (refusal: Refusal, requestId: string) => Problem;
  now: () => Date;
};

/** Takes copies of customers, with a result for each id. Any number of them takes as many round trips as one. */
export const getSnapshots =
  ({ snapshots, toResultError, now }: Needs): UseCase<typeof contract> =>
  async ({ body: { customerIds, as: use, at, exceptOrder = null } }, scope) => {
    const takenAt = now();
    const found = await snapshots.find(customerIds, scope);
    const told =
      use === 'payer'
        ? null
        : await snapshots.tell([...found.values()], { at: at ?? takenAt, exceptOrder }, scope);
    const results = customerIds.map((id) => {
      const snapshot = found.get(id);
      if (snapshot === undefined)
        return { status: 404 as const, error: toResultError(customerNotFound(), scope.requestId) };
      const { customer, customerId } = snapshot;
      return told === null
        ? { status: 200 as const, payer: toPayerDto({ customer, takenAt }) }
        : {
            status: 200 as const,
            attendee: toAttendeeDto({ customer, takenAt, firstTime: told.get(customerId) ?? true }),
          };
    });
    return ok({ results });
  };
