import { CHANNELS, KNOWN_PURPOSES, type Matter, matterOf, mattersIn } from './consents.ts';

/** How much one page of an export may hold. */
export type PageLimits = Readonly<{ entries: number; bytes: number }>;

/**
 * The first entries that fit on a page: as many as the limits allow, and at least one, so that the next page gets further.
 * @param bytesOf the size of an entry in the answer
 */
export const fitting = <E>(
  entries: readonly E[],
  limits: PageLimits,
  bytesOf: (entry: E) => number,
): readonly E[] => {
  let bytes = 0;
  const tooMany = entries.findIndex((entry, index) => {
    bytes += bytesOf(entry);
    return index > 0 && (index >= limits.entries || bytes > limits.bytes);
  });
  return tooMany === -1 ? entries : entries.slice(0, tooMany);
};

/**
 * The matters for which an export asks whether a refusal is kept: what is in effect for the customer, what its entries are
 * about, and the known purposes, because a refusal may be older than the record. Each once.
 */
export const mattersToAsk = (inEffect: readonly string[], entries: readonly Matter[]): readonly Matter[] => {
  const known = KNOWN_PURPOSES.flatMap((purpose) => CHANNELS.map((channel) => `${purpose}:${channel}`));
  return mattersIn([...new Set([...inEffect, ...entries.map(matterOf), ...known])]);
};
