/** Says a line, or several. */
export const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

/** Says what went wrong. */
export const complain = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

const QUIET_MS = 5_000;
const CLEAR_LINE = '\r\u001b[2K';

/**
 * Tells how far a long piece of work is: on a terminal in one line that changes, in a log every five seconds; and at how
 * many of something a second it went since it began.
 */
export const startProgress = (output: Pick<NodeJS.WriteStream, 'isTTY' | 'write'> = process.stderr) => {
  let toldAt = 0;
  const startedAt = performance.now();
  return {
    perSecond: (count: number): string =>
      thousands(Math.round((count * 1_000) / (performance.now() - startedAt))),
    tell: (text: string): void => {
      if (output.isTTY) output.write(`${CLEAR_LINE}${text}`);
      else if (Date.now() - toldAt >= QUIET_MS) {
        toldAt = Date.now();
        output.write(`${text}\n`);
      }
    },
    /** Before anything else is said. */
    end: (): void => {
      if (output.isTTY) output.write(CLEAR_LINE);
    },
  };
};

/** A use case's port for what it says of itself: the events that count how far it is are told as progress. */
export const tellCount =
  (progress: ReturnType<typeof startProgress>, { field, what }: { field: string; what: string }) =>
  (_event: string, fields: object): void => {
    const [, count] = Object.entries(fields).find(([name]) => name === field) ?? [];
    if (typeof count === 'number') progress.tell(`${thousands(count)} ${what}`);
  };

/** Does something when the operator stops the command, while work goes on. */
export const onInterrupt = (stop: () => void): (() => void) => {
  process.once('SIGINT', stop);
  return () => {
    process.off('SIGINT', stop);
  };
};

export const thousands = (count: number): string => count.toLocaleString('en');
