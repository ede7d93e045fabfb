import { S3ServiceException } from '@aws-sdk/client-s3';
import type { ObjectStoreProblem } from './object-store-error.ts';

const BY_NAME: Readonly<Record<string, ObjectStoreProblem>> = {
  NoSuchKey: 'absent',
  NotFound: 'absent',
  InvalidObjectState: 'archived',
  BadDigest: 'corrupt',
};

const BY_STATUS: Readonly<Record<number, ObjectStoreProblem>> = {
  403: 'denied',
  408: 'unavailable',
  429: 'unavailable',
};

/** The names of errors of a connection that was not made, ended early or took too long. */
const OF_THE_CONNECTION =
  /^(AbortError|TimeoutError|ECONNREFUSED|ECONNRESET|EPIPE|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|NetworkingError)$/;

const codeOf = (error: Error): string =>
  'code' in error && typeof error.code === 'string' ? error.code : '';

/** What an error of the SDK means, or undefined for a defect: a wrong request, or a bucket that does not exist. */
export const problemOf = (error: unknown): ObjectStoreProblem | undefined => {
  if (!Error.isError(error)) return undefined;
  if (error instanceof S3ServiceException) {
    const status = error.$metadata.httpStatusCode ?? 0;
    return BY_NAME[error.name] ?? BY_STATUS[status] ?? (status >= 500 ? 'unavailable' : undefined);
  }
  if (error.message.startsWith('Checksum mismatch')) return 'corrupt';
  return OF_THE_CONNECTION.test(error.name) || OF_THE_CONNECTION.test(codeOf(error))
    ? 'unavailable'
    : undefined;
};
