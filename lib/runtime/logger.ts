import { Logger } from '@aws-lambda-powertools/logger';
import type { ErrorFields, LogContext, LogEvents } from './log-events.ts';
import { isFrame, MOST_FRAMES, RedactingFormatter } from './redaction.ts';

const logger = new Logger({ logFormatter: new RedactingFormatter() });

let context: LogContext | undefined;

/** Sets the fields of every line of this invocation. An environment handles one invocation at a time. */
export const setLogContext = (of: LogContext): void => {
  context = of;
};

/** Logs an event of the catalogue with its fields. */
export const logEvent = <E extends keyof LogEvents>(event: E, fields: LogEvents[E]): void => {
  logger.info(event, { ...context, ...fields });
};

/** Logs a defect, at level ERROR. Alarms and people look for these lines. */
export const logDefect = (error: unknown, event: 'defect' | 'process-failed' = 'defect'): void => {
  logger.error(event, { ...context, ...describeError(error) });
};

/** Logs a warning of Node or of a dependency, for example about a deprecated function or too many listeners. */
export const logWarning = (warning: Error): void => {
  logger.warn('process-warned', { ...context, ...describeError(warning) });
};

/**
 * Describes an error by its name, code and stack frames and by the names of its causes. It leaves out messages,
 * because those of the database and of parsers quote values (a duplicate key error quotes the key). It never throws.
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
    // A getter of the error threw.
    return { error: 'unreadable' };
  }
};

const MOST_CAUSES = 3;

/** The causes of an error, nearest first. Of several errors at once, only the first is followed. */
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

/** The stack frames: the lines after the message. A message can contain lines that look like frames. */
const framesOf = ({ stack, message }: Error): string => {
  if (typeof stack !== 'string') return '';
  const messageAt = message === '' ? -1 : stack.indexOf(message);
  const lines = stack.slice(messageAt === -1 ? 0 : messageAt + message.length).split('\n');
  const firstFrame = lines.findLastIndex((line) => !isFrame(line)) + 1;
  return lines.slice(firstFrame, firstFrame + MOST_FRAMES).join('\n');
};
