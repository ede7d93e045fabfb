import type { BusinessScope } from '#lib/domain/actor.ts';
import {
  changeCustomer as changed,
  type Customer,
  type CustomerFields,
  moveCustomer,
  newCustomer,
  stateOf,
} from '#lib/domain/customer.ts';
import { isLive } from '#lib/domain/customer-state.ts';
import { customerNotFound, idTaken, requireVersion } from '#lib/domain/refusals.ts';
import { findCustomer } from './customer-reader.ts';
import { addCustomer, changeCustomer, newId, wasCreatedFrom } from './customers.ts';
import { erasedAmong } from './erasures.ts';
import { settingsOf } from './settings.ts';

/** A customer to create; who makes no id is given one. */
export type Draft = CustomerFields & Readonly<{ _id?: string | undefined }>;

/** A customer that was asked for, and whether it was not there before. */
export type Created = Readonly<{ customer: Customer; isNew: boolean }>;

/**
 * Stages a new customer; or, when the caller's business has one with this id, what the draft changes of that one.
 * @throws Refusal
 */
const createCustomer = async (draft: Draft, at: Date, scope: BusinessScope): Promise<Created> => {
  const { _id, firstName, lastName, phone, email, note, customerType, state, stateHistory } = draft;
  const fields = { firstName, lastName, phone, email, note, customerType, state, stateHistory };
  const settings = await settingsOf(scope);
  if (_id !== undefined) {
    const [before, erased] = await Promise.all([findCustomer(_id, scope), erasedAmong([_id], scope)]);
    if (erased.has(_id)) throw idTaken();
    if (before !== null) return { customer: await createAgain(before, fields, { at, scope }), isNew: false };
  }
  const customer = newCustomer(_id ?? newId(), fields, { at, settings });
  await addCustomer(customer, { settings, body: fields }, scope);
  return { customer, isNew: true };
};

/** A lost answer is asked for again, or an offline edit comes with the id of a customer that is there already. */
const createAgain = async (
  before: Customer,
  fields: CustomerFields,
  { at, scope }: { at: Date; scope: BusinessScope },
): Promise<Customer> => {
  if (await wasCreatedFrom(before, fields, scope)) return before;
  const settings = await settingsOf(scope);
  const visible = isLive(stateOf(before)) ? fields : { ...fields, state: undefined, stateHistory: undefined };
  const after = changed(before, visible, { at, settings });
  await changeCustomer({ before, after }, { settings, action: 'create-customer' }, scope);
  return after;
};

/** Fields to set of one customer, and the versions its author may have seen; any without them. */
export type Setting = Readonly<{
  id: string;
  fields: CustomerFields;
  ifMatch?: readonly string[] | undefined;
}>;

/**
 * Stages the fields that are there, and answers the customer with them.
 * @throws Refusal
 */
const setFields = async (
  { id, fields, ifMatch }: Setting,
  at: Date,
  scope: BusinessScope,
): Promise<Customer> => {
  const [settings, before] = await Promise.all([settingsOf(scope), findCustomer(id, scope)]);
  if (before === null) throw customerNotFound();
  requireVersion(before, ifMatch);
  const after = changed(before, fields, { at, settings });
  await changeCustomer({ before, after }, { settings, action: 'change-customer' }, scope);
  return after;
};

/** Stages the deletion of a customer; of nobody, and of one that is deleted, nothing. */
const deleteCustomer = async (id: string, at: Date, scope: BusinessScope): Promise<void> => {
  const [settings, before] = await Promise.all([settingsOf(scope), findCustomer(id, scope)]);
  if (before === null) return;
  const after = moveCustomer(before, 'deleted', at);
  await changeCustomer({ before, after }, { settings, action: 'delete-customer' }, scope);
};

/** The steps of a write that a route of its own takes and a bulk takes too. They stage; nothing is saved yet. */
export const customerSteps = { createCustomer, setFields, deleteCustomer, now: () => new Date() };
export type CustomerSteps = typeof customerSteps;
