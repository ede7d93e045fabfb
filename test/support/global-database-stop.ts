import { rm } from 'node:fs/promises';
import { sumUpWireProbe } from './wire/sum-up.ts';
import { takeForTeardown } from './running-database.ts';

/** Jest's globalTeardown. */
const tearDown = async (): Promise<void> => {
  const verdict = await sumUpWireProbe();
  await rm(process.env['TEST_RUN_FOLDER'] ?? '', { recursive: true, force: true });
  await takeForTeardown()?.stop();
  if (verdict !== null) throw new Error(verdict);
};

export default tearDown;
