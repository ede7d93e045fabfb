/**
 * Writes one line and waits until standard output has taken it: on Lambda it is a pipe, and what is still buffered when
 * the answer leaves freezes with the environment.
 * @param line at most 64 KiB in UTF-8: the platform cuts what is longer in two
 * @throws Error when it was not taken
 */
export const writeLine = (line: string): Promise<void> =>
  new Promise((resolve, reject) => {
    // A failed write is an event too, and one that nobody hears ends the process before it could answer.
    process.stdout.once('error', reject);
    process.stdout.write(`${line}\n`, (error) => {
      if (error) {
        reject(error);
        return;
      }
      process.stdout.off('error', reject);
      resolve();
    });
  });
