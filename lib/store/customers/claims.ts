import { Types } from 'mongoose';
import type { BusinessScope } from '#lib/domain/access/scope.ts';
import type { Refusal } from '#lib/domain/errors.ts';
import { duplicateOf, idTaken } from '#lib/domain/refusals.ts';
import type { BusinessSettings } from '#lib/domain/business/business-settings.ts';
import { Conflict } from '#lib/store/database/conflict.ts';
import { connect } from '#lib/store/database/connection.ts';
import { queryOptions } from '#lib/store/isolation/query-options.ts';
import {
  type CustomerLinkDocument,
  OWNER_EMAIL_INDEX,
  OWNER_PHONE_INDEX,
} from '#lib/store/collections/customer-link.ts';
import { modelOf } from '#lib/store/isolation/guarded-model.ts';

type Keys = Pick<CustomerLinkDocument, 'emailKeys' | 'phoneKeys'>;
type Claims = Keys & Partial<Pick<CustomerLinkDocument, 'holdsEmail' | 'holdsPhone'>>;
type Field = 'email' | 'phone';

/** A customer that still has an email or phone, and gives these fields up in the same transaction. */
export type PreviousHolder = Readonly<{ id: string; fields: readonly string[] }>;

/**
 * While a uniqueness rule is pending, refuses an email or phone that another live customer has. Customers from before the
 * rule may have it without holding it: the unique index does not see them.
 * @throws Refusal `duplicate-email`, `duplicate-phone` that names the live customer
 */
export const refuseDuplicateWhilePending = async (
  {
    customerId,
    settings,
    previousHolder,
  }: { customerId: string; settings: BusinessSettings; previousHolder?: PreviousHolder | undefined },
  { holdsEmail, emailKeys = [], holdsPhone, phoneKeys = [] }: Claims,
  scope: BusinessScope,
): Promise<void> => {
  // Reading before the transaction is enough: values that are written while the rule is pending are held, so two of them
  // collide in the index. Only environments that do not know of `pending` yet write values that are not held, and the task
  // that enforces the rule looks for conflicts after all environments know.
  const refuseDuplicate = async (field: Field, hasValue: object): Promise<void> => {
    const excluded =
      previousHolder?.fields.includes(field) === true ? [customerId, previousHolder.id] : [customerId];
    const isOther = { customerId: { $nin: excluded.map((id) => new Types.ObjectId(id)) } };
    const duplicate = await findLink({ ...hasValue, ...isOther, state: { $ne: 'deleted' } }, scope);
    if (duplicate !== null) throw refusalOf(field, duplicate);
  };
  if (settings.uniqueEmail === 'pending' && holdsEmail === true)
    await refuseDuplicate('email', { emailKeys: { $in: emailKeys } });
  if (settings.uniquePhone === 'pending' && holdsPhone === true)
    await refuseDuplicate('phone', { phoneKeys: { $in: phoneKeys } });
};

/**
 * Makes the error for a customer that a unique index refuses: a Refusal when its email or phone belongs to a live customer
 * of the business, or its id to a customer of another business; a Conflict when the same request was sent twice.
 */
export const refusalOfDuplicate =
  (customerId: string, { emailKeys, phoneKeys }: Keys, scope: BusinessScope) =>
  async (index: string): Promise<Error> => {
    // A survivor that changes its email still holds the email of its loser. It is not its own duplicate.
    const isOther = { customerId: { $ne: new Types.ObjectId(customerId) } };
    if (index === OWNER_EMAIL_INDEX)
      return await taken(
        'email',
        { holdsEmail: true, emailKeys: { $in: emailKeys ?? [] }, ...isOther },
        scope,
      );
    if (index === OWNER_PHONE_INDEX)
      return await taken(
        'phone',
        { holdsPhone: true, phoneKeys: { $in: phoneKeys ?? [] }, ...isOther },
        scope,
      );
    const own = await findLink({ customerId: new Types.ObjectId(customerId) }, scope);
    return own === null ? idTaken() : new Conflict('The same customer was created at the same time.');
  };

const taken = async (field: Field, filter: object, scope: BusinessScope): Promise<Error> => {
  const existing = await findLink(filter, scope);
  return existing === null
    ? new Conflict(`The customer that had this ${field} no longer has it.`)
    : refusalOf(field, existing);
};

const refusalOf = (
  field: Field,
  { customerId, state }: Pick<CustomerLinkDocument, 'customerId' | 'state'>,
): Refusal => duplicateOf(field, { _id: customerId.toHexString(), state });

const findLink = async (filter: object, scope: BusinessScope) => {
  const links = modelOf(await connect(), 'customer_link');
  return await links
    .findOne({ businessId: new Types.ObjectId(scope.businessId), ...filter })
    .select({ _id: 0, customerId: 1, state: 1 })
    .setOptions(queryOptions(scope))
    .lean();
};
