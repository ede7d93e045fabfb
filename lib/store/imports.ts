import { Types } from 'mongoose';
import type { BusinessScope } from '#lib/domain/actor.ts';
import { type Customer, stateOf } from '#lib/domain/customer.ts';
import { isLive } from '#lib/domain/customer-state.ts';
import { type BusinessSettings, uniquenessHeld } from '#lib/domain/settings.ts';
import { emailKeys, phoneKeys } from '#lib/privacy/blind-index.ts';
import { bytesOf } from './bytes.ts';
import { connect } from './connection.ts';
import { erasedAmong } from './erasures.ts';
import { askedBy } from './isolation/asked-by.ts';
import { keysOf } from './keys.ts';
import { BUSINESS_CUSTOMER_INDEX, EMAIL_INDEX, PHONE_INDEX } from './models/customer-link.ts';
import { modelOf } from './models/models.ts';

/** Which of these ids the caller's business has customers with, or anybody had: none of them is given again. */
export const knownAmong = async (
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
    .setOptions(askedBy(scope))
    .hint(BUSINESS_CUSTOMER_INDEX)
    .lean<{ customerId: Types.ObjectId }[]>();
  return new Set(links.map(({ customerId }) => customerId.toHexString()));
};

/** An email or phone that a live customer has already. */
export type Held = Readonly<{ field: 'email' | 'phone'; existing: string }>;

/** What of these customers is taken in the caller's business, by their ids: told before they are written. */
export const holdersAmong = async (
  customers: readonly Customer[],
  settings: BusinessSettings,
  scope: BusinessScope,
): Promise<ReadonlyMap<string, readonly Held[]>> => {
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
  const wanted = (field: Held['field']) =>
    claims.filter((claim) => claim.field === field).map(({ key }) => key);
  const holders = new Map(
    (
      await Promise.all([
        holdersOf('email', wanted('email'), scope),
        holdersOf('phone', wanted('phone'), scope),
      ])
    ).flat(),
  );
  const held = claims.flatMap(({ id, field, key }) => {
    const existing = holders.get(`${field} ${key.toString('hex')}`);
    return existing === undefined ? [] : [{ id, field, existing }];
  });
  return Map.groupBy(held, ({ id }) => id);
};

const holdersOf = async (
  field: 'email' | 'phone',
  wanted: readonly Buffer[],
  scope: BusinessScope,
): Promise<[fieldAndKey: string, customerId: string][]> => {
  if (wanted.length === 0) return [];
  const name = `${field}Keys` as const;
  const links = await modelOf(await connect(), 'customer_link')
    .find({
      businessId: new Types.ObjectId(scope.businessId),
      [name]: { $in: wanted },
      state: { $ne: 'deleted' },
    })
    .select({ _id: 0, customerId: 1, [name]: 1 })
    .setOptions(askedBy(scope))
    // A planner that is not told may walk all customers of the business for it, and that for every batch.
    .hint(field === 'email' ? EMAIL_INDEX : PHONE_INDEX)
    .lean();
  return links.flatMap(({ customerId, [name]: stored = [] }) =>
    stored.map((key): [string, string] => [
      `${field} ${bytesOf(key).toString('hex')}`,
      customerId.toHexString(),
    ]),
  );
};
