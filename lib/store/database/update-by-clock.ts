import { isConcurrentUpdate } from './database-errors.ts';

const MOST_TRIES = 10;

/**
 * Runs an update that uses the database's clock, and runs it again when another update of the same document collided with
 * it.
 */
export const updateByClock = async <T>(update: () => Promise<T>): Promise<T> => {
  for (let tries = 1; ; tries += 1) {
    try {
      return await update();
    } catch (error) {
      if (tries === MOST_TRIES || !isConcurrentUpdate(error)) throw error;
    }
  }
};
