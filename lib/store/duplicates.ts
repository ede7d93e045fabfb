import { Types } from 'mongoose';
import type { BusinessScope } from '#lib/domain/actor.ts';
import { Refusal } from '#lib/domain/errors.ts';
import { idTaken } from '#lib/domain/refusals.ts';
import { Conflict } from './conflict.ts';
import { connect } from './connection.ts';
import { askedBy } from './isolation/asked-by.ts';
import { type CustomerLinkDocument, OWNER_EMAIL_INDEX, OWNER_PHONE_INDEX } from './models/customer-link.ts';
import { modelOf } from './models/models.ts';

type Keys = Pick<CustomerLinkDocument, 'emailKeys' | 'phoneKeys'>;

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

const taken = async (field: 'email' | 'phone', filter: object, scope: BusinessScope): Promise<Error> => {
  const existing = await findLink(filter, scope);
  if (existing === null) return new Conflict(`The customer that had this ${field} has just given it up.`);
  return new Refusal(`duplicate-${field}`, `Another customer of this business has this ${field}.`, {
    existing: { _id: existing.customerId.toHexString(), state: existing.state },
    violations: [
      {
        in: 'body',
        pointer: `#/${field}`,
        error: `duplicate-${field}`,
        message: `Another customer of this business has this ${field}. Open that one, or use another ${field}.`,
      },
    ],
  });
};

const findLink = async (filter: object, scope: BusinessScope) => {
  const links = modelOf(await connect(), 'customer_link');
  return await links
    .findOne({ businessId: new Types.ObjectId(scope.businessId), ...filter })
    .select({ _id: 0, customerId: 1, state: 1 })
    .setOptions(askedBy(scope))
    .lean();
};
