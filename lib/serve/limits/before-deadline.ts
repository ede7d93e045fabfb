import { Unavailable } from '#lib/domain/errors.ts';
import { disconnect } from '#lib/store/database/connection.ts';

/**
 * Waits for some work until a moment, and no longer. The work itself goes on.
 * @param until in milliseconds since the epoch
 * @param onLate makes what is thrown when it takes longer
 */
export const within = async <T>(until: number, work: () => Promise<T>, onLate: () => Error): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => {
        reject(onLate());
      },
      Math.max(0, until - Date.now()),
    );
  });
  try {
    return await Promise.race([work(), late]);
  } finally {
    clearTimeout(timer);
  }
};

/**
 * Answers before the platform stops the function. At the deadline it gives up the work and closes the connection to
 * the database, so that nothing is written after the answer.
 * @throws Unavailable at the deadline
 */
export const beforeDeadline = <T>(deadline: number, work: () => Promise<T>): Promise<T> =>
  within(deadline, work, () => {
    void disconnect();
    return new Unavailable('The database did not answer in time. Try again.');
  });
