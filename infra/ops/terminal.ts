const USUAL_COLUMNS = 80;
const CLEAR_LINE = '\r\u001b[2K';

/** Signals that end a process which does not listen to them. */
const ENDING = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

let isProgressShown = false;
let isWatching = false;

const clearProgress = (): void => {
  if (isProgressShown) process.stderr.write(CLEAR_LINE);
  isProgressShown = false;
};

/** What else writes to a terminal must not glue to the line: Node's errors and warnings, and the shell after a signal. */
const watchOtherWriters = (): void => {
  if (isWatching) return;
  isWatching = true;
  process.once('exit', clearProgress);
  // Node prints a warning in a listener of its own, which comes after this one.
  process.prependListener('warning', clearProgress);
  // Before a command that stops on its own, so that it is seen to be listening.
  for (const signal of ENDING) process.prependOnceListener(signal, () => endLine(signal));
};

/** Leaves the line as it was when the work was stopped, and what comes next begins on another one. */
const endLine = (signal: NodeJS.Signals): void => {
  if (isProgressShown) process.stderr.write('\n');
  isProgressShown = false;
  // Nobody else listens, so the signal still has to end the process, as if this one had not listened either.
  if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
};

/** Prints a result to standard output: one line, or several. */
export const print = (text: string): void => {
  clearProgress();
  process.stdout.write(`${text}\n`);
};

/** Prints to standard error: a problem, or what must stay out of the results on standard output. */
export const printToStderr = (text: string): void => {
  clearProgress();
  process.stderr.write(`${text}\n`);
};

/**
 * Shows how far the work is, in one line of the terminal that changes. Nothing is written to a file or a pipe. The line is
 * cleared before anything else is printed, and before Node prints an error that nothing has caught.
 */
export const showProgress = (text: string): void => {
  if (!process.stderr.isTTY) return;
  watchOtherWriters();
  // A longer line would continue in the next row, which is not cleared.
  const columns = process.stderr.columns > 0 ? process.stderr.columns : USUAL_COLUMNS;
  process.stderr.write(`${CLEAR_LINE}${text.slice(0, columns - 1)}`);
  isProgressShown = true;
};

/**
 * Calls a function when the operator presses Ctrl-C.
 * @returns a function that stops listening
 */
export const onInterrupt = (stop: () => void): (() => void) => {
  process.once('SIGINT', stop);
  return () => {
    process.off('SIGINT', stop);
  };
};

/** A count with commas between the thousands. */
export const thousands = (count: number): string => count.toLocaleString('en');

/** A count with its unit, as `1 pair` or `1,200 pairs`. */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${thousands(count)} ${count === 1 ? one : many}`;
