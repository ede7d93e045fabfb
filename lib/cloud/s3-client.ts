import { S3Client } from '@aws-sdk/client-s3';
import { optionalSetting, requiredSetting } from '#lib/runtime/config.ts';

/** An attempt that the bucket does not answer within this time is made again. */
const ATTEMPT_MS = 5_000;
const CONNECT_MS = 1_000;
const ATTEMPTS = 3;

/**
 * The client of this environment. Region and credentials come from the variables that Lambda sets, because otherwise the SDK
 * would first look for the files of a developer's machine.
 */
export const makeClient = (): S3Client => {
  const endpoint = optionalSetting('AWS_ENDPOINT_URL_S3');
  const sessionToken = optionalSetting('AWS_SESSION_TOKEN');
  return new S3Client({
    region: requiredSetting('AWS_REGION'),
    credentials: {
      accessKeyId: requiredSetting('AWS_ACCESS_KEY_ID'),
      secretAccessKey: requiredSetting('AWS_SECRET_ACCESS_KEY'),
      ...(sessionToken !== undefined && { sessionToken }),
    },
    ...(endpoint !== undefined && { endpoint }),
    forcePathStyle: true,
    maxAttempts: ATTEMPTS,
    requestHandler: {
      connectionTimeout: CONNECT_MS,
      requestTimeout: ATTEMPT_MS,
      throwOnRequestTimeout: true,
    },
  });
};
