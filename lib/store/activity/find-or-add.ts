import type { BusinessScope } from '#lib/domain/access/scope.ts';
import { type Attendee, detailsOf, isNobody } from '#lib/domain/activity/attendee.ts';
import type { BusinessSettings } from '#lib/domain/business/business-settings.ts';
import type { CustomerDetails } from '#lib/domain/customers/customer-details.ts';
import { type Customer, newCustomer } from '#lib/domain/customers/customer.ts';
import { Refusal, type Violation } from '#lib/domain/errors.ts';
import { addCustomer, newId } from '#lib/store/customers/add-customer.ts';
import { Conflict } from '#lib/store/database/conflict.ts';
import { erasedAmong } from '#lib/store/retention/erasure-records.ts';
import { findByContacts } from './contacts.ts';
import { knownIds } from './known-ids.ts';

/** Whom a person is that an order names. */
export type Whose =
  /** A customer of the business: also a deleted one, or one that was merged into another. */
  | Readonly<{ is: 'known'; customerId: string }>
  /** A new one, which this request adds. */
  | Readonly<{ is: 'new'; customerId: string; customer: Customer }>
  /** A customer that was erased or purged here: nobody is looked for, and nobody is added. */
  | Readonly<{ is: 'gone' }>
  /** Nobody: it is anonymous, or has neither name nor contact. */
  | Readonly<{ is: 'nobody' }>
  /** Nobody has this id, and what it says cannot become a customer. */
  | Readonly<{ is: 'refused'; violations: readonly Violation[] }>;

type Context = Readonly<{ settings: BusinessSettings; at: Date }>;

/** Recognises nobody's create: a client that sends a customer with the same id edits it. */
const BODY = { addedFor: 'an order' };

/** The ids that a request found in use by another business. Each attempt of a request has the same object. */
const takenElsewhere = new WeakMap<object, Set<string>>();

/**
 * Finds the customers of the caller's business that these people are, or stages new ones: by id, else by email, else by phone. A new
 * one gets the id that it was named by, if that is free, else another one. When others add the same person at the same time, the
 * commit is a Conflict, and the next attempt finds it. An existing customer is never changed.
 * @returns whom each of them is, in order
 */
export const findOrAdd = async (
  people: readonly Attendee[],
  { settings, at }: Context,
  scope: BusinessScope,
): Promise<readonly Whose[]> => {
  const ids = [...new Set(people.flatMap(({ id }) => id ?? []))];
  const { customers, gone } = await knownIds(ids, scope);
  const read = new Map(people.map((one) => [one, detailsOf(one, settings)]));
  const unknown = [...read].filter(([{ id }]) => id === null || !(customers.has(id) || gone.has(id)));
  const some = unknown.filter(([one, reading]) => !isNobody(one, reading));
  const contacts = await findByContacts(
    some.map(([, { details }]) => details),
    scope,
  );
  const ofSome = some.flatMap(([{ id }]) => id ?? []);
  const taken = ofSome.length === 0 ? new Set<string>() : await erasedAmong(ofSome, scope);
  const added = new Map<string, Customer>();

  const whoseIs = async (one: Attendee): Promise<Whose> => {
    const customerId = one.id === null ? undefined : customers.get(one.id);
    if (customerId !== undefined) return { is: 'known', customerId };
    if (one.id !== null && gone.has(one.id)) return { is: 'gone' };
    const reading = read.get(one) ?? detailsOf(one, settings);
    if (isNobody(one, reading)) return { is: 'nobody' };
    if (reading.violations.length > 0) return { is: 'refused', violations: reading.violations };
    return await byContact(one, reading.details);
  };

  const byContact = async (one: Attendee, details: CustomerDetails): Promise<Whose> => {
    const named = one.id === null ? undefined : added.get(one.id);
    const found = named?.id ?? contacts.find(details);
    if (found !== null) {
      const customer = [...added.values()].find(({ id }) => id === found);
      return customer === undefined
        ? { is: 'known', customerId: found }
        : { is: 'new', customerId: found, customer };
    }
    const isFree = one.id !== null && !taken.has(one.id) && !isTakenElsewhere(one.id, scope);
    const id = isFree ? one.id : newId();
    const customer = newCustomer(id, details, { at, settings });
    await addCustomer(customer, { settings, body: BODY, onTaken: notedAs(id, scope) }, scope);
    contacts.add(id, details);
    added.set(one.id ?? id, customer);
    return { is: 'new', customerId: id, customer };
  };

  const all: Whose[] = [];
  // One after the other: two of them may be the same person.
  for (const one of people) all.push(await whoseIs(one));
  return all;
};

const isTakenElsewhere = (id: string, { request }: BusinessScope): boolean =>
  takenElsewhere.get(request)?.has(id) === true;

/** Somebody else was faster, or the id belongs to another business: the next attempt knows. */
const notedAs =
  (id: string, { request }: BusinessScope) =>
  (refusal: Error): Error => {
    if (!(refusal instanceof Refusal)) return refusal;
    if (refusal.code === 'id-taken')
      takenElsewhere.set(request, new Set([...(takenElsewhere.get(request) ?? []), id]));
    return new Conflict('The same customer was added at the same time.', { cause: refusal });
  };
