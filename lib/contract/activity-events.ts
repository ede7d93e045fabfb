import * as z from 'zod';
import { isCurrency, MOST_AMOUNT } from '#lib/domain/activity/currencies.ts';
import type { Attendee } from '#lib/domain/activity/attendee.ts';
import type { Order } from '#lib/domain/activity/order.ts';
import type { Payment } from '#lib/domain/activity/payment.ts';
import { Moment } from './cloud-event.ts';
import { ObjectIdText } from './customer-draft.ts';

/** The most people that an order may name: its parts are written in one transaction. */
const MOST_ATTENDEES = 100;
const MOST_LINES = 100;
const MOST_SPECIALISTS = 100;

/** The longest status or name of a method that is kept. They are words; what is longer is cut. */
const WORD_LENGTH = 50;

/** A text, or nothing. Copies of customers come in many forms, and none of them makes an order unreadable. */
const Text = z.string().nullable().catch(null).default(null);

/** A status, or the name of a method: known or not. */
const Word = z.string().transform((text) => text.toWellFormed().slice(0, WORD_LENGTH));
const MaybeWord = Word.nullable().catch(null).default(null);

const MaybeId = ObjectIdText.nullable().catch(null).default(null);
const MaybeMoment = Moment.nullable().default(null);

const Person = z.object({
  _id: MaybeId,
  customerType: Text,
  firstName: Text,
  lastName: Text,
  email: Text,
  phone: Text,
});

const attendeeOf = ({ _id: id, ...rest }: z.output<typeof Person>): Attendee => ({ id, ...rest });

/** A person in an order: with its customer or, from the booking page, bare. */
const Participant = z
  .union([z.object({ customer: Person }).transform(({ customer }) => customer), Person])
  .transform(attendeeOf)
  .nullable()
  // The booking page sends an empty text for nobody.
  .or(z.literal('').transform(() => null));

/** A specialist: a member of the staff or, from the booking page, bare. */
const Specialist = z
  .looseObject({ _id: MaybeId, member: z.object({ _id: MaybeId }).nullable().catch(null).default(null) })
  .transform(({ _id, member }) => member?._id ?? _id)
  .nullable()
  .catch(null);

const listOf = <S extends z.ZodType>(one: S, most: number) => z.array(one).max(most).nullable().default([]);

const Appointment = z.object({
  start: MaybeMoment,
  end: MaybeMoment,
  specialists: listOf(Specialist, MOST_SPECIALISTS),
  attendees: listOf(Participant, MOST_ATTENDEES),
});

const Line = z
  .object({
    status: MaybeWord,
    state: MaybeWord,
    serviceSnapshot: z.object({ _id: MaybeId }).nullable().catch(null).default(null),
    orderAppointmentDetails: Appointment.nullable().default(null),
  })
  .transform(({ status, state, serviceSnapshot, orderAppointmentDetails: appointment }) => ({
    status,
    state,
    serviceId: serviceSnapshot?._id ?? null,
    start: appointment?.start ?? null,
    end: appointment?.end ?? null,
    specialistIds: (appointment?.specialists ?? []).filter((id) => id !== null),
    attendees: (appointment?.attendees ?? []).filter((one) => one !== null),
  }));

/** What is read of an `OrderDto`: everything else in it is ignored. */
export const OrderInput = z
  .object({
    _id: ObjectIdText,
    status: Word.catch(''),
    state: MaybeWord,
    createdAt: MaybeMoment,
    updatedAt: MaybeMoment,
    services: listOf(Line, MOST_LINES),
  })
  .transform(({ _id: id, status, state, createdAt, services }): Order => ({
    id,
    status,
    state,
    createdAt,
    lines: services ?? [],
  }))
  .refine(
    ({ lines }) => peopleIn(lines.flatMap(({ attendees }) => attendees)) <= MOST_ATTENDEES,
    // The log of a failed event has the place, and not this sentence.
    { error: `An order may name at most ${String(MOST_ATTENDEES)} people.`, path: ['services'] },
  );

const peopleIn = (all: readonly Attendee[]): number => {
  const ids = all.flatMap(({ id }) => id ?? []);
  return new Set(ids).size + (all.length - ids.length);
};

/** An amount in the major unit of its currency. */
const Amount = z.number().min(0).max(MOST_AMOUNT);
const Currency = z.string().refine(isCurrency, 'This must be a code of ISO 4217.').nullable().default(null);

/** What is read of a `PaymentDto`: everything else in it is ignored. */
export const PaymentInput = z
  .object({
    _id: ObjectIdText,
    status: Word.catch(''),
    state: MaybeWord,
    orderId: MaybeId,
    payer: Participant.default(null),
    amount: Amount,
    currency: Currency,
    method: MaybeWord,
    providerType: MaybeWord,
    paymentDate: MaybeMoment,
    updatedAt: MaybeMoment,
  })
  .transform(({ _id: id, updatedAt: _, ...payment }): Payment => ({ id, ...payment }));
