// eslint-disable-next-line no-restricted-imports -- All others take it from here.
import fc from 'fast-check';
import { SEED } from './seed.ts';

fc.configureGlobal({ seed: SEED });

/** fast-check with the seed of this run. */
export { fc };
