import { readFile } from 'node:fs/promises';
import { get } from 'node:http';
import { text } from 'node:stream/consumers';
import { Unavailable } from '#lib/domain/errors.ts';
import { optionalSetting, requiredSetting } from './config.ts';

const EXTENSION_TIMEOUT_MS = 2_000;

type Answer = Readonly<{ status: number | undefined; body: string }>;

/**
 * Asks the AWS Parameters and Secrets extension with plain HTTP on localhost, because an AWS SDK client would add as
 * much to a cold start as the MongoDB driver does. It uses `node:http`, which the runtime has already loaded, because
 * the first `fetch` of a process loads a whole HTTP client. Each request has its own connection, because a kept one
 * may not survive a freeze.
 */
const askExtension = (url: string, sessionToken: string): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const headers = { 'X-Aws-Parameters-Secrets-Token': sessionToken };
    const signal = AbortSignal.timeout(EXTENSION_TIMEOUT_MS);
    get(url, { headers, signal, agent: false }, (answer) => {
      text(answer).then((body) => {
        resolve({ status: answer.statusCode, body });
      }, reject);
    }).on('error', reject);
  });

const fromExtension = async (secretId: string): Promise<string> => {
  const port = requiredSetting('PARAMETERS_SECRETS_EXTENSION_HTTP_PORT');
  const url = `http://localhost:${port}/secretsmanager/get?secretId=${encodeURIComponent(secretId)}`;
  const { status, body: json } = await askExtension(url, requiredSetting('AWS_SESSION_TOKEN')).catch(
    (cause: unknown) => {
      throw new Unavailable('The service could not read its secrets in time. Try again.', { cause });
    },
  );
  if (status !== 200) throw new Error(`The secrets extension answered ${String(status)} for ${secretId}.`);
  const body: unknown = JSON.parse(json);
  if (
    typeof body === 'object' &&
    body !== null &&
    'SecretString' in body &&
    typeof body.SecretString === 'string'
  ) {
    return body.SecretString;
  }
  throw new Error(`The secret ${secretId} has no text. Set it with 'aws secretsmanager put-secret-value'.`);
};

/** The connection string of the database: from MONGODB_URI, or else from Secrets Manager. */
export const readDatabaseUri = async (): Promise<string> =>
  optionalSetting('MONGODB_URI') ?? (await fromExtension(requiredSetting('DATABASE_URI_SECRET')));

/** The keyring as JSON: from the file that KEYRING_FILE names, or else from Secrets Manager. */
export const readKeyring = async (): Promise<string> => {
  const file = optionalSetting('KEYRING_FILE');
  return file === undefined
    ? await fromExtension(requiredSetting('KEYRING_SECRET'))
    : await readFile(file, 'utf8');
};
