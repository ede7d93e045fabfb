import { Types } from 'mongoose';
import type { BusinessKeys } from '#lib/privacy/business-keys.ts';
import { sealField } from '#lib/privacy/field-cipher.ts';
import { keyedHashes } from '#lib/privacy/keyed-hash.ts';
import type { Stored } from './stored.ts';

/** Stores a customer's phone as earlier versions did: as the digits that were typed, under a key made of them. */
export const storeFormerPhone = async (
  { database }: Stored,
  { id, phone }: Readonly<{ id: string; phone: string }>,
  keys: BusinessKeys,
): Promise<void> => {
  const _id = new Types.ObjectId(id);
  await database
    .collection<{ _id: Types.ObjectId }>('customer')
    .updateOne({ _id }, { $set: { phone: sealField(keys, { customerId: id, field: 'phone' }, phone) } });
  await database
    .collection('customer_link')
    .updateOne(
      { customerId: _id },
      { $set: { keyUse: 'k1|k1|3', phoneKeys: keyedHashes(keys, 'phone-index', phone), searchTokens: [] } },
    );
};
