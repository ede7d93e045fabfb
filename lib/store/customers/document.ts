import { Types } from 'mongoose';
import type { Customer } from '#lib/domain/customers/customer.ts';
import type { BusinessKeys } from '#lib/privacy/business-keys.ts';
import { needsResealing, openField, sealField } from '#lib/privacy/field-cipher.ts';
import { bytesOf, type StoredBytes } from '#lib/store/collections/stored-bytes.ts';
import type { CustomerDocument } from '#lib/store/collections/customer.ts';

/** The fields that are never stored in clear. */
const SEALED_FIELDS = ['phone', 'email', 'note'] as const;
type SealedField = (typeof SEALED_FIELDS)[number];

/** A customer document as a lean read or an aggregation returns it. */
export type LeanCustomer = Omit<CustomerDocument, SealedField> &
  Partial<Record<SealedField, StoredBytes | null>>;

/**
 * Opens a stored customer with the keys of the caller's business.
 * @throws UnknownKey when the keyring does not have the key of a sealed field, CannotOpen when the field was altered
 */
export const toCustomer = (document: LeanCustomer, keys: BusinessKeys): Customer => {
  const customerId = document._id.toHexString();
  const open = (field: SealedField): string | null => {
    const stored = document[field];
    return stored === null || stored === undefined
      ? null
      : openField(keys, { customerId, field }, bytesOf(stored));
  };
  return {
    id: customerId,
    firstName: document.firstName ?? null,
    lastName: document.lastName ?? null,
    phone: open('phone'),
    email: open('email'),
    note: open('note'),
    customerType: document.customerType,
    stateHistory: document.stateHistory,
    createdAt: document.createdAt,
    updatedAt: document.updatedAt,
    version: document.__v,
  };
};

/** Makes the document of a new customer and seals its fields. */
export const toDocument = (customer: Customer, keys: BusinessKeys): CustomerDocument => ({
  _id: new Types.ObjectId(customer.id),
  firstName: customer.firstName,
  lastName: customer.lastName,
  phone: seal(customer, 'phone', keys),
  email: seal(customer, 'email', keys),
  note: seal(customer, 'note', keys),
  customerType: customer.customerType,
  stateHistory: [...customer.stateHistory],
  createdAt: customer.createdAt,
  updatedAt: customer.updatedAt,
  __v: customer.version,
});

/** The fields that a change sets. Sealed fields that have not changed are not sealed again. */
export const documentChanges = (
  before: Customer,
  after: Customer,
  keys: BusinessKeys,
): Partial<CustomerDocument> => ({
  firstName: after.firstName,
  lastName: after.lastName,
  customerType: after.customerType,
  updatedAt: after.updatedAt,
  __v: after.version,
  ...(before.stateHistory !== after.stateHistory && { stateHistory: [...after.stateHistory] }),
  ...Object.fromEntries(
    SEALED_FIELDS.filter((field) => before[field] !== after[field]).map((field) => [
      field,
      seal(after, field, keys),
    ]),
  ),
});

/** The sealed fields that have changed, are not padded, or are not sealed with the current key; sealed again. */
export const resealedFields = (
  stored: LeanCustomer,
  { before, after }: Readonly<{ before: Customer; after: Customer }>,
  keys: BusinessKeys,
): Partial<CustomerDocument> =>
  Object.fromEntries(
    SEALED_FIELDS.filter((field) => {
      const sealed = stored[field];
      const isOutdated = sealed !== null && sealed !== undefined && needsResealing(keys, bytesOf(sealed));
      return isOutdated || before[field] !== after[field];
    }).map((field) => [field, seal(after, field, keys)]),
  );

const seal = (customer: Customer, field: SealedField, keys: BusinessKeys): Buffer | null => {
  const text = customer[field];
  return text === null ? null : sealField(keys, { customerId: customer.id, field }, text);
};
