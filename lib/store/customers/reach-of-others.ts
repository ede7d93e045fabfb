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
import type { BusinessKeys } from '#lib/privacy/business-keys.ts';
import { suppressionKey } from '#lib/privacy/suppression-key.ts';
import { type CustomerLinkDocument, EMAIL_INDEX, PHONE_INDEX } from '#lib/store/collections/customer-link.ts';
import { readConsentsOf } from '#lib/store/consents/consent-entries.ts';
import type { KeptChanges } from '#lib/store/consents/standing.ts';
import { stageFirst } from '#lib/store/database/unit-of-work.ts';
import { connect } from '#lib/store/database/connection.ts';
import { guardedAggregate } from '#lib/store/isolation/guarded-aggregate.ts';
import { keysOf, readWithKeys } from '#lib/store/keys/request-keys.ts';
import { type LeanCustomer, toCustomer } from './document.ts';
import { CUSTOMER_LOOKUP } from './reader.ts';

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
type Other = Readonly<{ link: Link; addresses: Addresses; keys: BusinessKeys }>;

/**
 * Stages what a refusal that is kept, or kept no longer, means for other live customers with the same address: a person who
 * refuses is not reached under another record, and is reached again after a newer grant. Costs one read when nobody else has the address, and none when nobody else can have it.
 */
export const stageReachOfOthers = async (changed: Changed, scope: BusinessScope): Promise<void> => {
  const channels = mattersIn([...changed.kept.keys()]).map(({ channel }) => addressField(channel));
  const { unshared = MAY_BE_SHARED } = changed;
  const fields = (['email', 'phone'] as const).filter(
    (field) => channels.includes(field) && !unshared[field],
  );
  const found = await Promise.all(fields.map((field) => readOthers(field, changed, scope)));
  const others = new Map(found.flat().map((other) => [other.link.customerId.toHexString(), other]));
  if (others.size === 0) return;
  const said = await readConsentsOf([...others.keys()], scope);
  for (const [customerId, other] of others) {
    const before = other.link.mayReach ?? [];
    const after = reachAfter(other, said.get(customerId) ?? [], changed);
    if (before.join() !== after.join()) stageReach(other.link, after, scope);
  }
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
  return await readWithKeys(scope, (opening) =>
    rows.flatMap(({ customer, ...link }) =>
      customer.map((document) => ({ link, addresses: toCustomer(document, opening), keys: opening })),
    ),
  );
};

const reachAfter = (
  { link: { mayReach = [] }, addresses, keys }: Other,
  said: readonly Consent[],
  changed: Changed,
): readonly string[] => {
  const reach = new Set(mayReach);
  for (const consent of inEffect(said)) {
    const at = changed.kept.get(matterOf(consent));
    if (at === undefined || !isSameAddress(consent, { keys, addresses }, changed)) continue;
    const suppressions = new Map(at === null ? [] : [[matterOf(consent), at]]);
    if (consent.granted && !isSuppressed(consent, suppressions)) reach.add(matterOf(consent));
    else reach.delete(matterOf(consent));
  }
  return [...reach].sort();
};

const isSameAddress = (
  consent: Consent,
  { keys, addresses }: Omit<Other, 'link'>,
  changed: Changed,
): boolean => {
  const own = suppressionKey(keys, consent, addresses);
  const kept = suppressionKey(keys, consent, changed.addresses);
  return own !== null && kept !== null && own.equals(kept);
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
