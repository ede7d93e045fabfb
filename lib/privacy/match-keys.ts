import type { Comparable } from '#lib/domain/duplicates/likeness.ts';
import { type MatchText, matchTexts } from '#lib/domain/duplicates/match-texts.ts';
import type { BusinessKeys } from './business-keys.ts';
import { inNoOrder, keyedHash, keyedHashes } from './keyed-hash.ts';

/** 2^64 values. A wrong match by chance is found when the two customers are compared. */
const KEY_BYTES = 8;

const shortened = (hash: Buffer): Buffer => hash.subarray(0, KEY_BYTES);

/** The keys that find a customer's possible duplicates: at most 16 of 8 bytes, made with the current key only, sorted. */
export const matchKeys = (keys: BusinessKeys, customer: Comparable): Buffer[] =>
  inNoOrder(matchTexts(customer).map(({ text }) => shortened(keyedHash(keys, 'match', text))));

/** The match keys of customers with this text, for every key of the ring. */
export const keysOfText = (keys: BusinessKeys, { text }: MatchText): Buffer[] =>
  keyedHashes(keys, 'match', text).map(shortened);
