import { createHmac } from 'node:crypto';
import { addressField, type Addresses, type Matter, matterOf } from '#lib/domain/rights/consents.ts';
import { foldEmail } from '#lib/domain/spelling/folding.ts';
import { foldPhone } from '#lib/domain/spelling/phone-forms.ts';
import type { BusinessKeys } from './business-keys.ts';

/** The folded address that a matter's channel uses; null when there is none, or when it is kept elsewhere. */
const foldedAddress = ({ channel }: Matter, { email, phone }: Addresses): string | null => {
  const field = addressField(channel);
  if (field === 'email') return email === null ? null : foldEmail(email);
  return field === null || phone === null ? null : foldPhone(phone);
};

/** Whether the channel of this matter uses an address that is given here. */
export const hasAddressFor = (matter: Matter, addresses: Addresses): boolean =>
  foldedAddress(matter, addresses) !== null;

/**
 * The key under which a refusal of this address is kept: 32 bytes, the same for every spelling of the address and after every
 * rotation of keys. Null without an address or without a pepper.
 */
export const suppressionKey = (keys: BusinessKeys, matter: Matter, addresses: Addresses): Buffer | null => {
  const address = foldedAddress(matter, addresses);
  const key = keys.peppered('suppression');
  return address === null || key === null
    ? null
    : createHmac('sha256', key)
        .update(`${matterOf(matter)}|${address}`)
        .digest();
};
