import type { BusinessKeys } from '#lib/privacy/business-keys.ts';
import { needsResealing, openField, sealField } from '#lib/privacy/field-cipher.ts';
import type { CustomerLinkDocument } from '#lib/store/collections/customer-link.ts';
import { bytesOf } from '#lib/store/collections/stored-bytes.ts';

const placeOf = (customerId: string) => ({ customerId, field: 'holdReason' });

/** Encrypts the reason of a legal hold: padded, bound to business and customer. */
export const sealHoldReason = (keys: BusinessKeys, customerId: string, reason: string): Buffer =>
  sealField(keys, placeOf(customerId), reason);

type StoredReason = Pick<CustomerLinkDocument, 'customerId' | 'holdReason'>;

/**
 * The reason of a customer's legal hold, from its link; null when the link has none.
 * @throws CannotOpen when it was altered or moved
 * @throws UnknownKey when the ring does not have its key
 */
export const openHoldReason = (
  keys: BusinessKeys,
  { customerId, holdReason }: StoredReason,
): string | null =>
  holdReason === undefined ? null : openField(keys, placeOf(customerId.toHexString()), bytesOf(holdReason));

/** The field of the link with the reason sealed with the current key; nothing when it is so already. Throws likewise. */
export const resealedHoldReason = (keys: BusinessKeys, link: StoredReason): { holdReason?: Buffer } => {
  if (link.holdReason === undefined || !needsResealing(keys, bytesOf(link.holdReason))) return {};
  const reason = openHoldReason(keys, link);
  return reason === null ? {} : { holdReason: sealHoldReason(keys, link.customerId.toHexString(), reason) };
};
