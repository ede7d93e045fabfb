/** A source of numbers from 0 up to 1 that gives the same ones for the same seed, on every machine. */
export type Random = () => number;

/** Made of up to three whole numbers, so that each customer has a source of its own (mulberry32, well mixed first). */
export const randomOf = (...seed: readonly number[]): Random => {
  let state = seed.reduce((mixed, part) => Math.imul(mixed ^ part, 0x9e3779b1) ^ (mixed >>> 15), 0x85ebca6b);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

/** One of them, all as likely. */
export const oneOf = <T>(random: Random, list: readonly T[]): T => list[Math.floor(random() * list.length)]!;

/** One of them, the first far more often than the last: the n-th as 1 / (n + 2), as names are in a telephone book. */
export const skewed = <T>(random: Random, list: readonly T[]): T => {
  const most = Math.log((list.length + 2) / 2);
  const rank = Math.floor(2 * Math.exp(random() * most) - 2);
  return list[Math.min(rank, list.length - 1)]!;
};

/** One of them by its weight. */
export const weighted = <T>(random: Random, list: readonly (readonly [T, number])[]): T => {
  let left = random() * list.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [value, weight] of list) {
    left -= weight;
    if (left < 0) return value;
  }
  return list.at(-1)![0];
};
