const USUAL_COLUMNS = 80;
const CLEAR_LINE = '\r\u001b[2K';

let isProgressShown = false;
let clearsAtExit = false;

const clearProgress = (): void => {
  if (isProgressShown) process.stderr.write(CLEAR_LINE);
  isProgressShown = false;
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
  if (!clearsAtExit) process.once('exit', clearProgress);
  clearsAtExit = true;
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
