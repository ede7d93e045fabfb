import { readFile } from 'node:fs/promises';
import { Unavailable } from '#lib/domain/errors.ts';
import { optionalSetting, requiredSetting } from './config.ts';

const EXTENSION_TIMEOUT_MS = 2_000;

/**
 * Reads a secret through the AWS Parameters and Secrets extension: plain HTTP to localhost, because an AWS
 * SDK client costs a cold start as much as the MongoDB driver does.
 */
const fromExtension = async (secretId: string): Promise<string> => {
  const port = requiredSetting('PARAMETERS_SECRETS_EXTENSION_HTTP_PORT');
  const url = `http://localhost:${port}/secretsmanager/get?secretId=${encodeURIComponent(secretId)}`;
  const answer = await fetch(url, {
    headers: { 'X-Aws-Parameters-Secrets-Token': requiredSetting('AWS_SESSION_TOKEN') },
    signal: AbortSignal.timeout(EXTENSION_TIMEOUT_MS),
  }).catch((cause: unknown) => {
    throw new Unavailable('A secret could not be read in time.', { cause });
  });
  if (!answer.ok) throw new Error(`The secrets extension answered ${String(answer.status)} for ${secretId}.`);
  const body: unknown = await answer.json();
  if (
    typeof body === 'object' &&
    body !== null &&
    'SecretString' in body &&
    typeof body.SecretString === 'string'
  ) {
    return body.SecretString;
  }
  throw new Error(`The secret ${secretId} has no text; put one with 'aws secretsmanager put-secret-value'.`);
};

/** The database's connection string: from MONGODB_URI, else from Secrets Manager. */
export const readDatabaseUri = async (): Promise<string> =>
  optionalSetting('MONGODB_URI') ?? (await fromExtension(requiredSetting('DATABASE_URI_SECRET')));

/** The keyring's JSON: from the file KEYRING_FILE names, else from Secrets Manager. */
export const readKeyring = async (): Promise<string> => {
  const file = optionalSetting('KEYRING_FILE');
  return file === undefined
    ? await fromExtension(requiredSetting('KEYRING_SECRET'))
    : await readFile(file, 'utf8');
};
