import { takeForTeardown } from './running-database.ts';

/** Jest's globalTeardown. */
const tearDown = async (): Promise<void> => {
  await takeForTeardown()?.stop();
};

export default tearDown;
