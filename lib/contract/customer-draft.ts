import * as z from 'zod';
import { CUSTOMER_TYPES, NOTE_LENGTH } from '#lib/domain/customer.ts';
import { WRITTEN_STATES } from '#lib/domain/customer-state.ts';

/** 24 hexadecimal digits, in any letter case; compared in lower case. */
export const ObjectIdText = z
  .string()
  .regex(/^[0-9a-fA-F]{24}$/, 'must be 24 hexadecimal digits')
  .toLowerCase();

/** The path of everything that is about one customer. */
export const CustomerPath = z.object({ id: ObjectIdText });

const NAME_LENGTH = 50;
const EMAIL_LENGTH = 254;
const PHONE_LENGTH = 50;
const REASON_LENGTH = 500;
const HISTORY_LENGTH = 200;

/** Why somebody did it, in a person’s words. */
export const ReasonText = z.string().max(REASON_LENGTH);

const text = (longest: number) => z.string().max(longest).nullable().optional();

const FIRST_MOMENT = new Date('0000-01-01T00:00:00.000Z');
const LAST_MOMENT = new Date('9999-12-31T23:59:59.999Z');

/**
 * A moment on the wire, ISO 8601 with its offset; a Date inside. Its year has four digits in UTC too, or it would go out
 * in a form that is not taken back.
 */
export const Moment = z.iso
  .datetime({ offset: true })
  .pipe(z.coerce.date())
  .refine(
    (moment) => moment >= FIRST_MOMENT && moment <= LAST_MOMENT,
    'must be in the years 0000 to 9999, in UTC',
  );

const details = {
  firstName: text(NAME_LENGTH),
  lastName: text(NAME_LENGTH),
  phone: text(PHONE_LENGTH).meta({ description: 'Any formatting; stored as digits.' }),
  email: text(EMAIL_LENGTH),
  note: text(NOTE_LENGTH),
  customerType: z.enum(CUSTOMER_TYPES).optional(),
};

const visibleState = {
  state: z.enum(WRITTEN_STATES).optional(),
  stateHistory: z
    .array(z.strictObject({ state: z.enum(WRITTEN_STATES), setAt: Moment }))
    .max(HISTORY_LENGTH)
    .optional(),
};

const ignored = z.unknown().optional().meta({ description: 'Accepted and ignored.' });

/** The service's own fields and the panel's bookkeeping: clients send whole documents back. */
const ignoredFields = {
  object: ignored,
  _version: ignored,
  createdAt: ignored,
  updatedAt: ignored,
  syncedAt: ignored,
  syncErrors: ignored,
  active: ignored,
};

/** A new customer as it comes in; an offline client makes the id itself. */
export const CustomerDraft = z
  .strictObject({ _id: ObjectIdText.optional(), ...details, ...visibleState, ...ignoredFields })
  .meta({ id: 'CustomerDraft' });

/** Fields to set; what is not there stays, null clears. The body of PUT and, as a JSON Merge Patch (RFC 7396), of PATCH. */
export const CustomerChanges = z
  .strictObject({ ...details, ...visibleState, _id: ignored, ...ignoredFields })
  .meta({ id: 'CustomerChanges' });
