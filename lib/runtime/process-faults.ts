import { logDefect, logWarning } from './logger.ts';

/** Once a process, however many bundles it loads. */
const WATCHED = Symbol.for('customer-management.watched');

/**
 * Speaks for the process where Node and the Lambda runtime would print an error as it is, with its message and all its
 * properties: what nobody caught is told as any other defect, and then ends the environment, as it does without this;
 * a warning is told by its name.
 */
export const watchProcess = (): void => {
  if (Object.hasOwn(process, WATCHED)) return;
  Object.defineProperty(process, WATCHED, { value: true });
  process.prependListener('uncaughtException', end);
  process.prependListener('unhandledRejection', end);
  process.removeAllListeners('warning');
  process.on('warning', logWarning);
};

const end = (error: unknown): void => {
  logDefect(error, 'process-failed');
  // The runtime's own listener comes next, and prints; the environment is lost anyway.
  process.exit(1);
};
