import { foldEmail, foldPhone } from '#lib/domain/folding.ts';
import type { BusinessKeys } from './business-keys.ts';
import { keyedHashes } from './keyed-hash.ts';

/**
 * What stands for an email in an index: 32 bytes per master key, current first, equal for every case and
 * width.
 */
export const emailKeys = (keys: BusinessKeys, email: string): Buffer[] =>
  keyedHashes(keys, 'email-index', foldEmail(email));

/**
 * What stands for a phone in an index: 32 bytes per master key, current first, equal for every formatting.
 */
export const phoneKeys = (keys: BusinessKeys, phone: string): Buffer[] =>
  keyedHashes(keys, 'phone-index', foldPhone(phone));
