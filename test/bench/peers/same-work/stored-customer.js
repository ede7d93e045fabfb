import { openField, sealField } from '../../../../lib/privacy/field-cipher.ts';
import { ObjectId } from 'mongodb';

/** Lean reads and the driver answer a Binary. */
export const bytesOf = (stored) => (stored instanceof Uint8Array ? stored : stored.buffer);

/** A customer as it is stored: email, phone and note are sealed one by one. */
export const toDocument = (customer, keys) => {
  const { id: customerId } = customer;
  const seal = (field) =>
    customer[field] === null ? null : sealField(keys, { customerId, field }, customer[field]);
  return {
    _id: new ObjectId(customerId),
    firstName: customer.firstName,
    lastName: customer.lastName,
    phone: seal('phone'),
    email: seal('email'),
    note: seal('note'),
    customerType: customer.customerType,
    stateHistory: [...customer.stateHistory],
    createdAt: customer.createdAt,
    updatedAt: customer.updatedAt,
    __v: customer.version,
  };
};

/** A stored customer, opened. */
export const toCustomer = (document, keys) => {
  const customerId = document._id.toHexString();
  const open = (field) =>
    document[field] === null ? null : openField(keys, { customerId, field }, bytesOf(document[field]));
  return {
    id: customerId,
    firstName: document.firstName,
    lastName: document.lastName,
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
