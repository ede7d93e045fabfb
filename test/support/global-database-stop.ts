import { rm } from 'node:fs/promises';
import { summary } from './leak-watch.ts';
import { report } from './promise.ts';
import { takeForTeardown } from './running-database.ts';
import { sumUpWireProbe } from './wire/sum-up.ts';

/** Jest's globalTeardown. */
const tearDown = async (): Promise<void> => {
  report(31, summary());
  const verdict = await sumUpWireProbe();
  await rm(process.env['TEST_RUN_FOLDER'] ?? '', { recursive: true, force: true });
  await takeForTeardown()?.stop();
  if (verdict !== null) throw new Error(verdict);
};

export default tearDown;
