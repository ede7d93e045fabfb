import { statSync } from 'node:fs';
import { contracts } from '#functions/contracts.ts';
import type { Row } from '../figures.ts';
import type { Site } from '../site.ts';

const BYTES_PER_MB = 1_000_000;

/** How much of each function has to be loaded. What must not be in it, `test/infra/build/bundles.test.ts` says. */
export const bundleRows = (site: Site): Row[] => {
  const bundles = contracts.map(({ name }) => ({ name, bytes: statSync(site.bundleOf(name)).size }));
  return bundles
    .sort((one, other) => other.bytes - one.bytes)
    .map(({ name, bytes }) => ({
      what: `bundle of ${name}`,
      from: `${bytes} bytes`,
      figure: bytes / BYTES_PER_MB,
      against: 'MB',
      must: 2.2,
      goal: 1.6,
    }));
};
