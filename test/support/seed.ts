/** `npm run promises` proves at full size; `npm test` in a short form that is printed with its size. */
export const isFull = process.env['PROMISES'] === 'full';

/**
 * The seed of everything random in the tests. `npm test` always draws the same values, so that a commit either passes or
 * fails; `npm run promises` draws new ones. `SEED=7 npm test` draws those of 7. A proof prints its seed.
 */
export const SEED = Number(process.env['SEED'] ?? (isFull ? Math.floor(Math.random() * 2 ** 31) : 2026));
