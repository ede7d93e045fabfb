import * as z from 'zod';
import type { Attendee } from '#lib/domain/activity/attendee.ts';
import { CUSTOMER_TYPES } from '#lib/domain/customers/customer-details.ts';
import { CustomerDraft, ObjectIdText } from './customer-draft.ts';

const ignored = z.unknown().optional().meta({ description: 'Accepted but ignored.' });

const { firstName, lastName, email, phone } = CustomerDraft.shape;

/** How an order names a person. */
const person = {
  _id: ObjectIdText.optional(),
  firstName,
  lastName,
  email,
  phone,
};

/** What a copy of a customer also has. */
const ofACopy = {
  object: ignored,
  _version: ignored,
  note: ignored,
  state: ignored,
  stateHistory: ignored,
  createdAt: ignored,
  updatedAt: ignored,
  syncedAt: ignored,
  syncErrors: ignored,
  active: ignored,
};

const PERSONAL = ['firstName', 'lastName', 'email', 'phone'] as const;

/** A person of an order in a request: with `customer`, as the panel sends it, or bare, as the booking page does. */
export const AttendeeDraft = z
  .strictObject({
    customer: z
      .strictObject({ ...person, customerType: z.enum(CUSTOMER_TYPES).nullable().optional(), ...ofACopy })
      .optional(),
    ...person,
    ...ofACopy,
    firstTime: ignored,
    takenAt: ignored,
  })
  .refine(
    (attendee) => attendee.customer === undefined || PERSONAL.every((name) => attendee[name] === undefined),
    'Send `customer`, or name and contact without it, not both.',
  )
  .meta({
    id: 'AttendeeDraft',
    description:
      'A person with `customer`, as an `AttendeeDto` has it, or a bare one: `_id`, `firstName`, `lastName`, `phone`, `email`.',
  });
export type AttendeeDraft = z.output<typeof AttendeeDraft>;

/** The person that an attendee names. The `_id` beside a `customer` is that of the order's own entry. */
export const toAttendee = ({ customer, ...bare }: AttendeeDraft): Attendee => {
  const sent = customer ?? { ...bare, customerType: null };
  return {
    id: sent._id ?? null,
    customerType: sent.customerType ?? null,
    firstName: sent.firstName ?? null,
    lastName: sent.lastName ?? null,
    email: sent.email ?? null,
    phone: sent.phone ?? null,
  };
};
