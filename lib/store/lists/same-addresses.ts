import type { Types } from 'mongoose';
import type { BusinessScope } from '#lib/domain/access/scope.ts';
import type { Customer } from '#lib/domain/customers/customer.ts';
import { foldEmail } from '#lib/domain/spelling/folding.ts';
import { foldPhone } from '#lib/domain/spelling/phone-forms.ts';
import { emailKeys, phoneKeys } from '#lib/privacy/blind-index.ts';
import { currentSettingsOf } from '#lib/store/business/stored-settings.ts';
import { EMAIL_INDEX, PHONE_INDEX } from '#lib/store/collections/customer-link.ts';
import type { LeanCustomer } from '#lib/store/customers/document.ts';
import { timeKey } from '#lib/store/customers/link.ts';
import { CUSTOMER_LOOKUP, openLinked } from '#lib/store/customers/reader.ts';
import { connect } from '#lib/store/database/connection.ts';
import { guardedAggregate } from '#lib/store/isolation/guarded-aggregate.ts';
import { keysOf } from '#lib/store/keys/request-keys.ts';
import type { RecipientPlan } from './recipient-plan.ts';

type Field = NonNullable<RecipientPlan['address']>;

const ADDRESS = {
  email: { name: 'emailKeys', rule: 'uniqueEmail', fold: foldEmail, keys: emailKeys, index: EMAIL_INDEX },
  phone: { name: 'phoneKeys', rule: 'uniquePhone', fold: foldPhone, keys: phoneKeys, index: PHONE_INDEX },
} as const;

const foldedOf = (customer: Customer, field: Field): string | null => {
  const address = customer[field];
  return address === null ? null : ADDRESS[field].fold(address);
};

const createdKeyOf = ({ createdAt, id }: Customer): string => timeKey(createdAt, id);

/**
 * For the customers of a page whose address an earlier created one of the whole list has too: who is the first of these. Where
 * the business allows an address only once, there are none, and nothing is read.
 */
export const firstWithAddress = async (
  page: readonly Customer[],
  plan: RecipientPlan,
  scope: BusinessScope,
): Promise<ReadonlyMap<string, string>> => {
  const { address: field } = plan;
  if (field === null || page.length === 0) return new Map();
  if ((await currentSettingsOf(scope))[ADDRESS[field].rule] === true) return new Map();
  const first = new Map<string, Customer>();
  for (const customer of [...page, ...(await othersWithAddress(page, { plan, field }, scope))]) {
    const address = foldedOf(customer, field);
    const known = address === null ? undefined : first.get(address);
    if (address !== null && (known === undefined || createdKeyOf(customer) < createdKeyOf(known)))
      first.set(address, customer);
  }
  return new Map(
    page.flatMap((customer) => {
      const earliest = first.get(foldedOf(customer, field) ?? '');
      return earliest === undefined || earliest.id === customer.id
        ? []
        : [[customer.id, earliest.id] as const];
    }),
  );
};

/** Those of the whole list who were created before the last of the page and may have one of its addresses. */
const othersWithAddress = async (
  page: readonly Customer[],
  { plan, field }: Readonly<{ plan: RecipientPlan; field: Field }>,
  scope: BusinessScope,
): Promise<readonly Customer[]> => {
  const { name, keys: keysFor, index } = ADDRESS[field];
  const keys = await keysOf(scope);
  const addresses = [...new Set(page.flatMap(({ [field]: address }) => (address === null ? [] : [address])))];
  const last = page.map(createdKeyOf).reduce((one, other) => (one > other ? one : other), '');
  const { $and = [], ...chosen }: Readonly<Record<string, unknown>> & { $and?: readonly unknown[] } =
    plan.chosen;
  const links = await guardedAggregate<{ customerId: Types.ObjectId; customer: LeanCustomer[] }>(
    await connect(),
    'customer_link',
    [
      {
        $match: {
          ...chosen,
          $and: [
            ...$and,
            { [name]: { $in: addresses.flatMap((address) => keysFor(keys, address)) } },
            { createdKey: { $lt: last } },
          ],
        },
      },
      { $project: { _id: 0, customerId: 1 } },
      CUSTOMER_LOOKUP,
    ],
    { scope, hint: index },
  );
  return await openLinked(links, scope);
};
