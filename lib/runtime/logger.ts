import { Logger } from '@aws-lambda-powertools/logger';
import type { LogEvents } from './log-events.ts';

const logger = new Logger();

type LogContext = Readonly<{ requestId: string; useCase: string }>;
let context: LogContext | undefined;

/** Ties the lines of one invocation together: an environment answers one at a time. */
export const setLogContext = (of: LogContext): void => {
  context = of;
};

/** Writes one event of the catalogue; the type admits only its listed fields. */
export const logEvent = <E extends keyof LogEvents>(event: E, fields: LogEvents[E]): void => {
  logger.info(event, { ...context, ...fields });
};

/**
 * Reports a fault of ours. Messages of database and driver errors can quote stored values (a duplicate key
 * quotes the key), so only the name, the code and the stack's frames are written.
 */
export const logDefect = (error: unknown): void => {
  logger.error('defect', { ...context, ...describeError(error) });
};

/** Name, code and frames of an error and of its causes: where it happened, never what it held. */
export const describeError = (
  error: unknown,
): { error: string; code?: string; frames?: string; cause?: string } => {
  if (!(error instanceof Error)) return { error: typeof error };
  const code = codeOf(error);
  const frames = error.stack
    ?.split('\n')
    .filter((line) => line.startsWith('    at '))
    .join('\n');
  return {
    error: error.name,
    ...(code !== undefined && { code }),
    ...(frames !== undefined && { frames }),
    ...(error.cause instanceof Error && { cause: `${error.cause.name} ${codeOf(error.cause) ?? ''}`.trim() }),
  };
};

const codeOf = (error: Error): string | undefined =>
  'code' in error && (typeof error.code === 'string' || typeof error.code === 'number')
    ? String(error.code)
    : undefined;
