import { logDefect, logWarning } from './logger.ts';

/** Marks the process as watched. Several bundles in one process must not watch it twice. */
const WATCHED = Symbol.for('customer-management.watched');

/**
 * Logs uncaught errors and warnings in our own form. Otherwise Node and the Lambda runtime would print them with
 * message and properties, which can contain personal data. An uncaught error still ends the environment. A warning is
 * logged by its name.
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
  // Exit here: the runtime's own listener would run next and print the error. The environment ends anyway.
  process.exit(1);
};
