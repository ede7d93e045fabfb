import type { Customer } from '#lib/domain/customers/customer.ts';
import type { BusinessKeys } from '#lib/privacy/business-keys.ts';
import type { Absorbed, CustomerLinkDocument } from '#lib/store/collections/customer-link.ts';
import { partOf, united } from '#lib/store/customers/absorbed.ts';
import { keyedFieldsOf } from '#lib/store/customers/link.ts';

/** A field that a customer may be the only one to have. */
export type ClaimedField = 'email' | 'phone';

/** The customers that were merged into one, and which of their fields other customers have now. */
type Losers = Readonly<{ losers: readonly Customer[]; leftToOthers: readonly ClaimedField[] }>;

/**
 * The keyed fields of a link, made with the current keys: of the customer's own values and of those of its losers. A loser
 * that was purged has no values any more, so it no longer leads to its survivor.
 */
export const keyedRewrite = (
  customer: Customer,
  { link, losers, leftToOthers }: { link: Pick<CustomerLinkDocument, 'absorbed'> } & Losers,
  keys: BusinessKeys,
) => {
  const absorbed = losers.map((loser) => withoutKeys(partOf(loser, keys), leftToOthers));
  const own = keyedFieldsOf(customer, keys);
  const fields: Partial<CustomerLinkDocument> =
    absorbed.length === 0 ? own : { ...own, ...united(own, absorbed), absorbed };
  const gone = (['absorbed', 'emailKeys', 'phoneKeys'] as const).filter((name) => fields[name] === undefined);
  return {
    fields,
    ...(link.absorbed !== undefined &&
      gone.length > 0 && { $unset: Object.fromEntries(gone.map((name) => [name, '' as const])) }),
  };
};

const withoutKeys = (part: Absorbed, fields: readonly ClaimedField[]): Absorbed => ({
  ...part,
  ...(fields.includes('email') && { emailKeys: [] }),
  ...(fields.includes('phone') && { phoneKeys: [] }),
});
