import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { FunctionDefinition, SecretDefinition } from '../assembly/definitions.ts';
import { type HttpAnswer, jsonAnswer, send } from '../http-api/http-answer.ts';
import { closeServer, listen } from '../listen.ts';

/**
 * Secret values by a part of the secret's construct path: `{ DatabaseUri: 'mongodb://…' }`. A function is asked each time, as
 * Secrets Manager answers what was put last.
 */
export type SecretValues = Readonly<Record<string, string | (() => Promise<string>)>>;

/** The HTTP endpoint of the AWS Parameters and Secrets extension, shared by all environments on this machine. */
export type SecretsExtension = Readonly<{
  port: number;
  /** Makes a session token for an environment; the token tells the endpoint which function's permissions apply. */
  openSession: (reader: FunctionDefinition) => Readonly<{ token: string; close: () => void }>;
  stop: () => Promise<void>;
}>;

const ACTION = 'secretsmanager:GetSecretValue';

const refusal = (status: number, code: string, message: string): HttpAnswer =>
  jsonAnswer(status, { __type: code, message });

const valueOf = async (secret: SecretDefinition, values: SecretValues): Promise<string | undefined> => {
  const value = Object.entries(values).find(([purpose]) => secret.path.includes(purpose))?.[1];
  return typeof value === 'function' ? value().catch(() => undefined) : value;
};

type Vault = Readonly<{ secrets: readonly SecretDefinition[]; values: SecretValues }>;

const answerTo = async (
  reader: FunctionDefinition | undefined,
  url: URL,
  { secrets, values }: Vault,
): Promise<HttpAnswer> => {
  if (reader === undefined)
    return refusal(403, 'Forbidden', 'X-Aws-Parameters-Secrets-Token is missing or wrong.');
  const secretId = url.searchParams.get('secretId') ?? '';
  if (url.pathname !== '/secretsmanager/get' || secretId === '') {
    return refusal(400, 'ValidationException', 'Call /secretsmanager/get?secretId=<name or ARN>.');
  }
  const secret = secrets.find(({ name, arn }) => name === secretId || arn === secretId);
  if (!reader.mayDo(ACTION, secret?.arn ?? secretId)) {
    const message = `${reader.name} is not authorized to perform ${ACTION} on ${secretId}: its role does not allow it.`;
    return refusal(400, 'AccessDeniedException', message);
  }
  const value = secret === undefined ? undefined : await valueOf(secret, values);
  if (secret === undefined || value === undefined) {
    return refusal(400, 'ResourceNotFoundException', `Secrets Manager has no value for ${secretId}.`);
  }
  const version = { VersionId: 'local', VersionStages: ['AWSCURRENT'] };
  return jsonAnswer(200, { ARN: secret.arn, Name: secret.name, SecretString: value, ...version });
};

/** Starts the endpoint. A function can read only the secrets that its role allows, as on AWS. */
export const startSecretsExtension = async (vault: Vault): Promise<SecretsExtension> => {
  const readers = new Map<string, FunctionDefinition>();
  const server = createServer((request, response) => {
    const token = request.headers['x-aws-parameters-secrets-token']?.toString() ?? '';
    const url = new URL(request.url ?? '/', 'http://localhost');
    void answerTo(readers.get(token), url, vault).then((answer) => {
      send(response, answer);
    });
  });
  // By name, because functions call `localhost`, which may be ::1 here.
  const port = await listen(server, { host: 'localhost', port: 0 });
  return {
    port,
    openSession: (reader) => {
      const token = randomUUID();
      readers.set(token, reader);
      return { token, close: () => readers.delete(token) };
    },
    stop: () => closeServer(server),
  };
};
