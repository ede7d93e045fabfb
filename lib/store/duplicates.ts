import { Types } from 'mongoose';
import type { BusinessScope } from '#lib/domain/actor.ts';
import { Refusal } from '#lib/domain/errors.ts';
import { idTaken } from '#lib/domain/refusals.ts';
import type { BusinessSettings } from '#lib/domain/settings.ts';
import { Conflict } from './conflict.ts';
import { connect } from './connection.ts';
import { askedBy } from './isolation/asked-by.ts';
import { type CustomerLinkDocument, OWNER_EMAIL_INDEX, OWNER_PHONE_INDEX } from './models/customer-link.ts';
import { modelOf } from './models/models.ts';

type Keys = Pick<CustomerLinkDocument, 'emailKeys' | 'phoneKeys'>;
type Claims = Keys & Partial<Pick<CustomerLinkDocument, 'holdsEmail' | 'holdsPhone'>>;
type Field = 'email' | 'phone';

/** A customer that is there by now with an email or phone, and gives these fields up in the same transaction. */
export type Giver = Readonly<{ id: string; fields: readonly string[] }>;

/**
 * While a uniqueness is pending, customers from before may have a value without holding it, and the unique index does
 * not see them: whoever claims a value then has to ask for it first. Asking before the transaction is enough. Whoever
 * comes by a value while it is pending claims it too, and two claims meet in the index; so nobody becomes one of those
 * from before, except by an environment that has not heard of `pending` yet, and the job counts when there is none left.
 * @throws Refusal that names the live customer who has it
 */
export const refuseTwinWhilePending = async (
  {
    customerId,
    settings,
    giver,
  }: { customerId: string; settings: BusinessSettings; giver?: Giver | undefined },
  { holdsEmail, emailKeys = [], holdsPhone, phoneKeys = [] }: Claims,
  scope: BusinessScope,
): Promise<void> => {
  const refuseTwin = async (field: Field, hasIt: object): Promise<void> => {
    const aside = giver?.fields.includes(field) === true ? [customerId, giver.id] : [customerId];
    const isAnother = { relation: 'owner', customerId: { $nin: aside.map((id) => new Types.ObjectId(id)) } };
    const twin = await findLink({ ...hasIt, ...isAnother, state: { $ne: 'deleted' } }, scope);
    if (twin !== null) throw duplicateOf(field, twin);
  };
  if (settings.uniqueEmail === 'pending' && holdsEmail === true)
    await refuseTwin('email', { emailKeys: { $in: emailKeys } });
  if (settings.uniquePhone === 'pending' && holdsPhone === true)
    await refuseTwin('phone', { phoneKeys: { $in: phoneKeys } });
};

/**
 * What it means when a unique index refuses a customer: its email or phone is taken by a live customer of the
 * same business, or its id is in use (by the same request sent twice: a Conflict, to be read again).
 */
export const refusalOfDuplicate =
  (customerId: string, { emailKeys, phoneKeys }: Keys, scope: BusinessScope) =>
  async (index: string): Promise<Error> => {
    if (index === OWNER_EMAIL_INDEX)
      return await taken('email', { holdsEmail: true, emailKeys: { $in: emailKeys ?? [] } }, scope);
    if (index === OWNER_PHONE_INDEX)
      return await taken('phone', { holdsPhone: true, phoneKeys: { $in: phoneKeys ?? [] } }, scope);
    const mine = await findLink({ customerId: new Types.ObjectId(customerId) }, scope);
    return mine === null ? idTaken() : new Conflict('The same customer was created at the same time.');
  };

const taken = async (field: Field, filter: object, scope: BusinessScope): Promise<Error> => {
  const existing = await findLink(filter, scope);
  return existing === null
    ? new Conflict(`The customer that had this ${field} has just given it up.`)
    : duplicateOf(field, existing);
};

const duplicateOf = (
  field: Field,
  { customerId, state }: Pick<CustomerLinkDocument, 'customerId' | 'state'>,
): Refusal =>
  new Refusal(`duplicate-${field}`, `Another customer of this business has this ${field}.`, {
    existing: { _id: customerId.toHexString(), state },
    violations: [
      {
        in: 'body',
        pointer: `#/${field}`,
        error: `duplicate-${field}`,
        message: `Another customer of this business has this ${field}. Open that one, or use another ${field}.`,
      },
    ],
  });

const findLink = async (filter: object, scope: BusinessScope) => {
  const links = modelOf(await connect(), 'customer_link');
  return await links
    .findOne({ businessId: new Types.ObjectId(scope.businessId), ...filter })
    .select({ _id: 0, customerId: 1, state: 1 })
    .setOptions(askedBy(scope))
    .lean();
};
