import { Unavailable } from '#lib/domain/errors.ts';
import { disconnect } from '#lib/store/connection.ts';

/**
 * Answers before the platform would kill the function: whatever is still waiting at the deadline is given up,
 * and with it the connection it waits on, so that nothing of it outlives the answer.
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
