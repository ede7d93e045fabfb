import { type AttendeeDraft, toAttendee } from '#lib/contract/attendee-draft.ts';
import { type AttendeeDto, toAttendeeDto } from '#lib/contract/attendee-dto.ts';
import type { Problem } from '#lib/contract/problem-body.ts';
import { ok, type RequestOf, type UseCase } from '#lib/contract/route.ts';
import type { BusinessScope } from '#lib/domain/access/scope.ts';
import type { Attendee } from '#lib/domain/activity/attendee.ts';
import type { BusinessSettings } from '#lib/domain/business/business-settings.ts';
import type { Refusal } from '#lib/domain/errors.ts';
import { customerNotFound, nobodyToAdd, unusableAttendee } from '#lib/domain/refusals.ts';
import type { Whose } from '#lib/store/activity/find-or-add.ts';
import type { Snapshots } from '#lib/store/activity/snapshots.ts';
import type { contract } from './contract.ts';

type Needs = {
  findOrAdd: (
    people: readonly Attendee[],
    context: Readonly<{ settings: BusinessSettings; at: Date }>,
    scope: BusinessScope,
  ) => Promise<readonly Whose[]>;
  snapshots: Snapshots;
  settingsOf: (scope: BusinessScope) => Promise<BusinessSettings>;
  toResultError: (refusal: Refusal, requestId: string) => Problem;
  now: () => Date;
};

/**
 * Finds the customers that an order names, and creates those whom it does not find, all in one transaction. When others create
 * the same ones at the same time, the next attempt finds them.
 */
export const findAttendees =
  ({ findOrAdd, snapshots, settingsOf, toResultError, now }: Needs): UseCase<typeof contract> =>
  async ({ body }, scope) => {
    const takenAt = now();
    const people = body.attendees.map(toAttendee);
    const whose = await findOrAdd(people, { settings: await settingsOf(scope), at: takenAt }, scope);
    const copies = await copiesOf(whose, { ...body, takenAt, snapshots }, scope);
    const toError = (refusal: Refusal): Problem => toResultError(refusal, scope.requestId);
    const results = body.attendees.map((sent, position) => {
      const one = whose[position];
      if (one === undefined) throw new Error('An attendee has no result.');
      return resultOf(one, { sent, copies, isFirst: !isNamedBefore(whose, position), toError });
    });
    return ok({ results });
  };

/** Whether an earlier attendee is the same customer. */
const isNamedBefore = (whose: readonly Whose[], position: number): boolean => {
  const one = whose[position];
  return (
    one?.is === 'new' &&
    whose.slice(0, position).some((other) => other.is === 'new' && other.customerId === one.customerId)
  );
};

type Copies = ReadonlyMap<string, AttendeeDto>;
type Asked = Pick<RequestOf<typeof contract>['body'], 'at' | 'exceptOrder'> &
  Readonly<{ takenAt: Date; snapshots: Snapshots }>;

/** The copies of all customers that were found or added, by the ids under which they were found. */
const copiesOf = async (
  whose: readonly Whose[],
  { at, exceptOrder, takenAt, snapshots }: Asked,
  scope: BusinessScope,
): Promise<Copies> => {
  const known = whose.flatMap((one) => (one.is === 'known' ? [one.customerId] : []));
  const found = await snapshots.find([...new Set(known)], scope);
  const told = await snapshots.tell(
    [...found.values()],
    { at: at ?? takenAt, exceptOrder: exceptOrder ?? null },
    scope,
  );
  const ofKnown = [...found].map(([id, { customer, customerId }]): [string, AttendeeDto] => [
    id,
    toAttendeeDto({ customer, firstTime: told.get(customerId) ?? true, takenAt }),
  ]);
  const ofNew = whose.flatMap((one): [string, AttendeeDto][] =>
    one.is === 'new'
      ? [[one.customerId, toAttendeeDto({ customer: one.customer, firstTime: true, takenAt })]]
      : [],
  );
  return new Map([...ofKnown, ...ofNew]);
};

type Result = Readonly<{
  status: 200 | 201 | 400 | 404;
  attendee?: AttendeeDto | AttendeeDraft;
  error?: Problem;
}>;

const resultOf = (
  one: Whose,
  {
    sent,
    copies,
    isFirst,
    toError,
  }: Readonly<{
    sent: AttendeeDraft;
    copies: Copies;
    isFirst: boolean;
    toError: (refusal: Refusal) => Problem;
  }>,
): Result => {
  switch (one.is) {
    case 'known':
    case 'new': {
      const attendee = copies.get(one.customerId);
      // It was purged in this moment.
      if (attendee === undefined) return { status: 404, error: toError(customerNotFound()) };
      return { status: one.is === 'new' && isFirst ? 201 : 200, attendee };
    }
    case 'gone':
      return { status: 404, error: toError(customerNotFound()) };
    case 'nobody':
      return toAttendee(sent).customerType === 'anonymous'
        ? { status: 200, attendee: sent }
        : { status: 400, error: toError(nobodyToAdd()) };
    case 'refused':
      return { status: 400, error: toError(unusableAttendee(one.violations)) };
  }
};
