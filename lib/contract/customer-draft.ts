import * as z from 'zod';
import { CUSTOMER_TYPES, NOTE_LENGTH } from '#lib/domain/customers/customer-details.ts';
import { HISTORY_LENGTH, WRITTEN_STATES } from '#lib/domain/customers/customer-state.ts';

/** 24 hexadecimal digits in any letter case, turned to lower case. */
export const ObjectIdText = z
  .string()
  .regex(/^[0-9a-fA-F]{24}$/, 'This must be 24 hexadecimal digits.')
  .toLowerCase();

/** The path parameters of a route for one customer. */
export const CustomerPath = z.object({ id: ObjectIdText });

const NAME_LENGTH = 50;
const EMAIL_LENGTH = 254;
const PHONE_LENGTH = 50;
const REASON_LENGTH = 500;

/** The reason for a change, as a person wrote it. */
export const ReasonText = z.string().max(REASON_LENGTH);

/** A reason that must be given. It is cleaned as it is stored, so that the same reason is known again. */
export const RequiredReason = ReasonText.regex(
  /\S/,
  'This must have a character that is not white space.',
).overwrite((text) => text.toWellFormed().trim());

/**
 * A text that is longer than its limit, without what cleaning would remove: white space around it and letters written in two
 * characters (Unicode NFC). A text within its limit stays as it was sent.
 */
const tidied = (text: string, longest: number): string =>
  text.length <= longest ? text : text.normalize('NFC').trim();

const onOneLine = (text: string, longest: number): string =>
  text.length <= longest ? text : tidied(text, longest).replaceAll(/\s+/gu, ' ');

const text = (longest: number, clean = tidied) =>
  z
    // A sentence alone would also be said of a text that is too long.
    .string({
      error: ({ code }: { code: string }) =>
        code === 'invalid_type' ? 'This must be a text or null.' : undefined,
    })
    .overwrite((given) => clean(given, longest))
    .max(longest)
    .nullable()
    .optional();

const FIRST_MOMENT = new Date('0000-01-01T00:00:00.000Z');
const LAST_MOMENT = new Date('9999-12-31T23:59:59.999Z');

/**
 * A moment: ISO 8601 with an offset in a request, a Date inside. Its year in UTC must have four digits too. Otherwise
 * answers would contain a form that requests do not accept.
 */
export const Moment = z.iso
  .datetime({ offset: true })
  .pipe(z.coerce.date())
  .refine(
    (moment) => moment >= FIRST_MOMENT && moment <= LAST_MOMENT,
    'This must be in the years 0000 to 9999 in UTC.',
  );

const details = {
  firstName: text(NAME_LENGTH, onOneLine),
  lastName: text(NAME_LENGTH, onOneLine),
  phone: text(PHONE_LENGTH).meta({
    description:
      'One phone number in any format: with its country code, or as it is dialled in the country of the business. ' +
      'It is answered as international digits, with `+` when it was sent with one.',
  }),
  email: text(EMAIL_LENGTH),
  note: z
    .string({ error: 'This must be a text or null.' })
    .nullable()
    .optional()
    .meta({
      description:
        `At most ${String(NOTE_LENGTH)} characters. A longer one that was answered, because two notes were joined, may be sent back ` +
        'as it is.',
    }),
  customerType: z.enum(CUSTOMER_TYPES).optional(),
};

/** A state that a request may set. */
export const SettableState = z.enum(WRITTEN_STATES).meta({
  description: 'To move a customer into or out of `deleted`, the role also needs `DELETE_CUSTOMER`.',
});

const visibleState = {
  state: SettableState.optional(),
  stateHistory: z
    .array(z.strictObject({ state: z.enum(WRITTEN_STATES), setAt: Moment }))
    .optional()
    .meta({
      description:
        'In the order of the moves: a time earlier than the one before it becomes that one, and of more than ' +
        `${String(HISTORY_LENGTH)} entries the oldest go. In a change, a history without a new entry moves nothing.`,
    }),
};

const ignored = z.unknown().optional().meta({ description: 'Accepted but ignored.' });

/** Fields that the service or the panel sets. Clients may send them back with the whole document. */
const ignoredFields = {
  object: ignored,
  _version: ignored,
  createdAt: ignored,
  updatedAt: ignored,
  syncedAt: ignored,
  syncErrors: ignored,
  active: ignored,
};

/** A new customer in a request. An offline client creates the id itself. */
export const CustomerDraft = z
  .strictObject({ _id: ObjectIdText.optional(), ...details, ...visibleState, ...ignoredFields })
  .meta({ id: 'CustomerDraft' });

/**
 * Fields to set: an absent field stays as it is, null clears it. The body of PUT and, as a JSON Merge Patch (RFC
 * 7396), of PATCH.
 */
export const CustomerChanges = z
  .strictObject({ ...details, ...visibleState, _id: ignored, ...ignoredFields })
  .meta({ id: 'CustomerChanges' });
