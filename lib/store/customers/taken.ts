import { Types } from 'mongoose';
import type { BusinessScope } from '#lib/domain/access/scope.ts';
import { type Customer, stateOf } from '#lib/domain/customers/customer.ts';
import { isLive } from '#lib/domain/customers/customer-state.ts';
import { type BusinessSettings, uniquenessHeld } from '#lib/domain/business/business-settings.ts';
import { emailKeys, phoneKeys } from '#lib/privacy/blind-index.ts';
import { connect } from '#lib/store/database/connection.ts';
import { erasedAmong } from '#lib/store/retention/erasure-records.ts';
import { queryOptions } from '#lib/store/isolation/query-options.ts';
import { keysOf } from '#lib/store/keys/request-keys.ts';
import { BUSINESS_CUSTOMER_INDEX } from '#lib/store/collections/customer-link.ts';
import { holdersOf } from './holders.ts';
import { modelOf } from '#lib/store/isolation/guarded-model.ts';

/** Which of these ids are taken: by a customer of the caller's business, or by a purged customer of any business. */
export const takenIdsAmong = async (
  ids: readonly string[],
  scope: BusinessScope,
): Promise<ReadonlySet<string>> => {
  const [linked, erased] = await Promise.all([linkedAmong(ids, scope), erasedAmong(ids, scope)]);
  return new Set([...linked, ...erased]);
};

const linkedAmong = async (ids: readonly string[], scope: BusinessScope): Promise<Set<string>> => {
  const links = await modelOf(await connect(), 'customer_link')
    .find({
      businessId: new Types.ObjectId(scope.businessId),
      customerId: { $in: ids.map((id) => new Types.ObjectId(id)) },
    })
    .select({ _id: 0, customerId: 1 })
    .setOptions(queryOptions(scope))
    .hint(BUSINESS_CUSTOMER_INDEX)
    .lean<{ customerId: Types.ObjectId }[]>();
  return new Set(links.map(({ customerId }) => customerId.toHexString()));
};

/** A field whose value a live customer of the business has already, and the id of that customer. */
export type TakenValue = Readonly<{ field: 'email' | 'phone'; existing: string }>;

/**
 * Finds emails and phones of these customers that must be unique and that live customers of the caller's business have
 * already, by the id of the new customer. For a check before the new customers are written.
 */
export const takenValuesAmong = async (
  customers: readonly Customer[],
  settings: BusinessSettings,
  scope: BusinessScope,
): Promise<ReadonlyMap<string, readonly TakenValue[]>> => {
  const keys = await keysOf(scope);
  const live = customers.filter((customer) => isLive(stateOf(customer)));
  const claims = live.flatMap(({ id, email, phone }) => [
    ...(email !== null && uniquenessHeld(settings.uniqueEmail)
      ? emailKeys(keys, email).map((key) => ({ id, field: 'email' as const, key }))
      : []),
    ...(phone !== null && uniquenessHeld(settings.uniquePhone)
      ? phoneKeys(keys, phone).map((key) => ({ id, field: 'phone' as const, key }))
      : []),
  ]);
  const wanted = (field: TakenValue['field']) =>
    claims.filter((claim) => claim.field === field).map(({ key }) => key);
  const [email, phone] = await Promise.all([
    holdersOf('email', wanted('email'), scope),
    holdersOf('phone', wanted('phone'), scope),
  ]);
  const holders = { email, phone };
  const held = claims.flatMap(({ id, field, key }) => {
    const existing = holders[field].get(key.toString('hex'));
    return existing === undefined ? [] : [{ id, field, existing }];
  });
  return Map.groupBy(held, ({ id }) => id);
};
