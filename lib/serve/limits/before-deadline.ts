import { Unavailable } from '#lib/domain/errors.ts';
import { disconnect } from '#lib/store/database/connection.ts';

/**
 * Answers before the platform stops the function. At the deadline it gives up the work and closes the connection to
 * the database, so that nothing is written after the answer.
 * @throws Unavailable at the deadline
 */
export const beforeDeadline = async <T>(deadline: number, work: () => Promise<T>): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => {
        void disconnect();
        reject(new Unavailable('The database did not answer in time. Try again.'));
      },
      Math.max(0, deadline - Date.now()),
    );
  });
  try {
    return await Promise.race([work(), late]);
  } finally {
    clearTimeout(timer);
  }
};
