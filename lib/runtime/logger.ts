import { Logger } from '@aws-lambda-powertools/logger';
import type { ErrorFields, LogContext, LogEvents } from './log-events.ts';
import { isFrame, MOST_FRAMES, RedactingFormatter } from './redaction.ts';

const logger = new Logger({ logFormatter: new RedactingFormatter() });

let context: LogContext | undefined;

/** Ties the lines of one invocation together: an environment answers one at a time. */
export const setLogContext = (of: LogContext): void => {
  context = of;
};

/** Writes one event of the catalogue; the type admits only its listed fields, and so does the way out. */
export const logEvent = <E extends keyof LogEvents>(event: E, fields: LogEvents[E]): void => {
  logger.info(event, { ...context, ...fields });
};

/** Reports a fault of ours, as an error: alarms and people look for these. */
export const logDefect = (error: unknown, event: 'defect' | 'process-failed' = 'defect'): void => {
  logger.error(event, { ...context, ...describeError(error) });
};

/** Reports a warning of Node or of a dependency: of a name that will go, of listeners that were forgotten. */
export const logWarning = (warning: Error): void => {
  logger.warn('process-warned', { ...context, ...describeError(warning) });
};

/**
 * Name, code and frames of an error and the names of its causes: where it happened, never what it held. Messages of
 * the database and of parsers quote values (a duplicate key quotes the key). It never throws.
 */
export const describeError = (error: unknown): ErrorFields => {
  try {
    if (!Error.isError(error)) return { error: typeof error };
    const code = codeOf(error);
    const causes = causesOf(error).map(nameWithCode);
    const frames = framesOf(error);
    return {
      error: error.name,
      ...(code !== undefined && { code }),
      ...(causes.length > 0 && { cause: causes.join(',') }),
      ...(frames !== '' && { frames }),
    };
  } catch {
    // It has a getter of its own that throws.
    return { error: 'unreadable' };
  }
};

const MOST_CAUSES = 3;

/** What an error was caused by, the nearest first; of several at once, the first stands for all. */
const causesOf = (error: Error): readonly Error[] => {
  const causes: Error[] = [];
  for (let next = causeOf(error); Error.isError(next) && causes.length < MOST_CAUSES; next = causeOf(next))
    causes.push(next);
  return causes;
};

const causeOf = (error: Error): unknown =>
  error.cause ?? ('errors' in error && Array.isArray(error.errors) ? error.errors[0] : undefined);

const nameWithCode = (error: Error): string => [error.name, codeOf(error)].filter(Boolean).join(':');

const codeOf = (error: Error): string | undefined =>
  'code' in error && (typeof error.code === 'string' || typeof error.code === 'number')
    ? String(error.code)
    : undefined;

/** The lines below the message; a message can have lines that look like them. */
const framesOf = ({ stack, message }: Error): string => {
  if (typeof stack !== 'string') return '';
  const messageAt = message === '' ? -1 : stack.indexOf(message);
  const lines = stack.slice(messageAt === -1 ? 0 : messageAt + message.length).split('\n');
  const firstFrame = lines.findLastIndex((line) => !isFrame(line)) + 1;
  return lines.slice(firstFrame, firstFrame + MOST_FRAMES).join('\n');
};
