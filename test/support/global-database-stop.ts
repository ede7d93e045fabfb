import { rm } from 'node:fs/promises';
import { takeForTeardown } from './running-database.ts';

/** Jest's globalTeardown. */
const tearDown = async (): Promise<void> => {
  await rm(process.env['TEST_RUN_FOLDER'] ?? '', { recursive: true, force: true });
  await takeForTeardown()?.stop();
};

export default tearDown;
