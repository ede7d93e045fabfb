import type { BusinessScope } from '#lib/domain/access/scope.ts';
import type { CustomerDetails } from '#lib/domain/customers/customer-details.ts';
import { emailKeys, phoneKeys } from '#lib/privacy/blind-index.ts';
import { holdersOf } from '#lib/store/customers/holders.ts';
import { keysOf } from '#lib/store/keys/request-keys.ts';

type Contacts = Pick<CustomerDetails, 'email' | 'phone'>;
type Field = 'email' | 'phone';

/** Finds customers by the very keys that a new customer with this email and phone would hold. */
export type FindByContact = Readonly<{
  /** The live customer with this email, else with this phone: the newest one if several have it. */
  find: (contacts: Contacts) => string | null;
  /** From now on, this customer is found by its contacts too. */
  add: (customerId: string, contacts: Contacts) => void;
}>;

/** Reads which live customers of the caller's business have one of these contacts. */
export const findByContacts = async (
  all: readonly Contacts[],
  scope: BusinessScope,
): Promise<FindByContact> => {
  const keys = await keysOf(scope);
  const keysIn = (field: Field, { email, phone }: Contacts): readonly Buffer[] => {
    if (field === 'email') return email === null ? [] : emailKeys(keys, email);
    return phone === null ? [] : phoneKeys(keys, phone);
  };
  const holders = {
    email: await holdersOf(
      'email',
      all.flatMap((one) => keysIn('email', one)),
      scope,
    ),
    phone: await holdersOf(
      'phone',
      all.flatMap((one) => keysIn('phone', one)),
      scope,
    ),
  };
  const holderIn = (field: Field, contacts: Contacts): string | null =>
    keysIn(field, contacts)
      .map((key) => holders[field].get(key.toString('hex')))
      .find((id) => id !== undefined) ?? null;
  return {
    find: (contacts) => holderIn('email', contacts) ?? holderIn('phone', contacts),
    add: (customerId, contacts) => {
      for (const field of ['email', 'phone'] as const)
        for (const key of keysIn(field, contacts)) holders[field].set(key.toString('hex'), customerId);
    },
  };
};
