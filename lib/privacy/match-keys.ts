import type { Comparable } from '#lib/domain/duplicates.ts';
import { type MatchText, matchTexts } from '#lib/domain/match-texts.ts';
import type { BusinessKeys } from './business-keys.ts';
import { keyedHash, keyedHashes } from './keyed-hash.ts';

/** 2^64 values: what leads to the wrong customer by chance is seen when the two are compared. */
const KEY_BYTES = 8;

const shortened = (hash: Buffer): Buffer => hash.subarray(0, KEY_BYTES);

/** What a customer's possible duplicates are found by, 8 bytes each, at most 16: with the current key only. */
export const matchKeys = (keys: BusinessKeys, customer: Comparable): Buffer[] =>
  matchTexts(customer).map(({ text }) => shortened(keyedHash(keys, 'match', text)));

/** The keys that customers with this text have, whichever key of the ring wrote them. */
export const keysOfText = (keys: BusinessKeys, { text }: MatchText): Buffer[] =>
  keyedHashes(keys, 'match', text).map(shortened);
