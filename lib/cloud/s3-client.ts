import { S3Client } from '@aws-sdk/client-s3';
import { clientSettings } from './client-settings.ts';

const ATTEMPTS = 3;

/** The client of this environment. */
export const makeClient = (): S3Client =>
  new S3Client({
    ...clientSettings('AWS_ENDPOINT_URL_S3'),
    forcePathStyle: true,
    maxAttempts: ATTEMPTS,
  });
