/**
 * Writes one line and waits until it is written. On Lambda, standard output is a pipe, and lines that are still
 * buffered when the answer is sent freeze with the environment.
 * @param line at most 64 KiB in UTF-8, because the platform splits longer lines
 * @throws Error when it could not be written
 */
export const writeLine = (line: string): Promise<void> =>
  new Promise((resolve, reject) => {
    // A failed write also emits an error event. Without a listener, it would end the process before the answer.
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
