import { Types } from 'mongoose';
import type { BusinessScope } from '#lib/domain/access/scope.ts';
import {
  addressField,
  type Addresses,
  type Consent,
  inEffect,
  isSuppressed,
  matterOf,
  mattersIn,
} from '#lib/domain/rights/consents.ts';
import { emailKeys, phoneKeys } from '#lib/privacy/blind-index.ts';
import { type CustomerLinkDocument, EMAIL_INDEX, PHONE_INDEX } from '#lib/store/collections/customer-link.ts';
import { readConsentsOf } from '#lib/store/consents/consent-entries.ts';
import { refusalKeys } from '#lib/store/consents/kept-refusals.ts';
import type { KeptChanges } from '#lib/store/consents/standing.ts';
import { stageFirst } from '#lib/store/database/unit-of-work.ts';
import { connect } from '#lib/store/database/connection.ts';
import { guardedAggregate } from '#lib/store/isolation/guarded-aggregate.ts';
import { keysOf } from '#lib/store/keys/request-keys.ts';
import type { LeanCustomer } from './document.ts';
import { CUSTOMER_LOOKUP, openLinked } from './reader.ts';

/** More customers than share an address. Without it, the driver asks again after 101. */
const AT_ONCE = 10_000;

/** Which addresses of a customer no other live one can have, because the write of this one would be refused. */
export type Unshared = Readonly<Record<'email' | 'phone', boolean>>;
const MAY_BE_SHARED: Unshared = { email: false, phone: false };

/** Whose change it is, its addresses after it, and what is kept for them from then on. */
type Changed = Readonly<{
  customerId: string;
  addresses: Addresses;
  kept: KeptChanges;
  unshared?: Unshared | undefined;
}>;

type Link = Pick<CustomerLinkDocument, 'customerId' | 'mayReach' | 'auditSeq'>;
type Other = Readonly<{ link: Link; addresses: Addresses }>;

/**
 * Stages what a refusal that is kept, or kept no longer, means for other live customers with the same address: a person who
 * refuses is not reached under another record, and is reached again after a newer grant. Costs one read when nobody else has
 * the address, and none when nobody else can have it.
 */
export const stageReachOfOthers = async (changed: Changed, scope: BusinessScope): Promise<void> => {
  const { kept, addresses, unshared = MAY_BE_SHARED } = changed;
  const matters = mattersIn([...kept.keys()]);
  const used = matters.map(({ channel }) => addressField(channel));
  const fields = (['email', 'phone'] as const).filter((field) => used.includes(field) && !unshared[field]);
  const found = await Promise.all(fields.map((field) => readOthers(field, changed, scope)));
  const others = new Map(found.flat().map((other) => [other.link.customerId.toHexString(), other]));
  if (others.size === 0) return;
  const said = await readConsentsOf([...others.keys()], scope);
  const keys = await refusalKeys(matters, addresses, scope);
  for (const [customerId, { link, addresses: own }] of others) {
    const ownKeys = await refusalKeys(matters, own, scope);
    const same = new Map([...kept].filter(([matter]) => keys.get(matter) === ownKeys.get(matter)));
    const before = link.mayReach ?? [];
    const after = reachAfter(before, said.get(customerId) ?? [], same);
    if (before.join() !== after.join()) stageReach(link, after, scope);
  }
};

/** By what somebody may be reached, after what is kept for the own address has changed. */
const reachAfter = (
  mayReach: readonly string[],
  said: readonly Consent[],
  kept: KeptChanges,
): readonly string[] => {
  const reach = new Set(mayReach);
  for (const consent of inEffect(said)) {
    const matter = matterOf(consent);
    const at = kept.get(matter);
    if (at === undefined) continue;
    const suppressions = new Map(at === null ? [] : [[matter, at]]);
    if (consent.granted && !isSuppressed(consent, suppressions)) reach.add(matter);
    else reach.delete(matter);
  }
  return [...reach].sort();
};

/** Those who granted any of these matters, and have the address, or absorbed a customer who has it. */
const readOthers = async (
  field: 'email' | 'phone',
  { customerId, addresses, kept }: Changed,
  scope: BusinessScope,
): Promise<readonly Other[]> => {
  const keys = await keysOf(scope);
  const { email, phone } = addresses;
  const wanted =
    field === 'email'
      ? { emailKeys: { $in: email === null ? [] : emailKeys(keys, email) } }
      : { phoneKeys: { $in: phone === null ? [] : phoneKeys(keys, phone) } };
  const rows = await guardedAggregate<Link & { customer: LeanCustomer[] }>(
    await connect(),
    'customer_link',
    [
      {
        $match: {
          businessId: new Types.ObjectId(scope.businessId),
          ...wanted,
          customerId: { $ne: new Types.ObjectId(customerId) },
          state: { $ne: 'deleted' },
          granted: { $in: [...kept.keys()] },
        },
      },
      { $project: { _id: 0, customerId: 1, mayReach: 1, auditSeq: 1 } },
      CUSTOMER_LOOKUP,
    ],
    { scope, most: AT_ONCE, hint: field === 'email' ? EMAIL_INDEX : PHONE_INDEX },
  );
  const customers = await openLinked(rows, scope);
  const byId = new Map(customers.map((customer) => [customer.id, customer]));
  return rows.flatMap(({ customer: _, ...link }) => {
    const addresses = byId.get(link.customerId.toHexString());
    return addresses === undefined ? [] : [{ link, addresses }];
  });
};

/** Before the other writes, because one of them may extend the history of this customer too. */
const stageReach = (
  { customerId, auditSeq }: Link,
  mayReach: readonly string[],
  scope: BusinessScope,
): void => {
  const businessId = new Types.ObjectId(scope.businessId);
  stageFirst(
    scope,
    {
      update: 'customer_link',
      filter: { businessId, customerId, auditSeq },
      change: { $set: { mayReach: [...mayReach] } },
    },
    undefined,
  );
};
