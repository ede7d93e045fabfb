import type { BusinessSettings } from '#lib/domain/business/business-settings.ts';
import { type CustomerDetails, setDetails } from '#lib/domain/customers/customer-details.ts';
import type { Violation } from '#lib/domain/errors.ts';

/** A person as another service names it: a copy of a customer that it made once. */
export type Attendee = Readonly<{
  /** 24 hexadecimal digits, lower case. Null: the service named none that could be one. */
  id: string | null;
  customerType: string | null;
  firstName: string | null;
  lastName: string | null;
  email: string | null;
  phone: string | null;
}>;

const CONTACTS = ['email', 'phone'] as const;

type Read = Readonly<{ details: CustomerDetails; violations: readonly Violation[] }>;

/**
 * What a customer is made of that an order names: `regular` where the rules of the business allow it, else `unregistered`.
 * The violations are those of email and phone, and one when there is neither name nor contact.
 */
export const detailsOf = (
  { firstName, lastName, email, phone }: Attendee,
  settings: BusinessSettings,
): Read => {
  const fields = { firstName, lastName, email, phone, note: null };
  const regular = setDetails(null, { ...fields, customerType: 'regular' }, settings);
  if (regular.violations.length === 0) return regular;
  return setDetails(null, { ...fields, customerType: 'unregistered' }, settings);
};

/** The longest name of a customer. The copies of other services have no limit. */
const NAME_LENGTH = 50;

const cut = (name: string | null): string | null => name?.slice(0, NAME_LENGTH).trim() ?? null;

/**
 * A person without what no customer can have: an email or a phone that is none, and the end of a name that is too long. An event
 * has no form in which somebody could mend it.
 */
export const withoutFaults = (attendee: Attendee, settings: BusinessSettings): Attendee => {
  const { violations } = detailsOf(attendee, settings);
  const isFaulty = (field: string): boolean => violations.some(({ pointer }) => pointer === `#/${field}`);
  const [email, phone] = CONTACTS.map((field) => (isFaulty(field) ? null : attendee[field]));
  return {
    ...attendee,
    firstName: cut(attendee.firstName),
    lastName: cut(attendee.lastName),
    email: email ?? null,
    phone: phone ?? null,
  };
};

/** Whether nobody can be found or made by a person: it is anonymous, or has neither name nor contact. */
export const isNobody = ({ customerType, ...attendee }: Attendee, { details }: Read): boolean => {
  const { firstName, lastName, email, phone } = details;
  if (customerType === 'anonymous') return true;
  // Without an id, a name alone would make another customer with each state of the order.
  const isKnownBy = attendee.id === null ? [email, phone] : [firstName, lastName, email, phone];
  return isKnownBy.every((value) => value === null);
};
