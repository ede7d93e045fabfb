import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * What a process needs to read its secrets as on Lambda: an endpoint in place of the platform's extension, which has both
 * of them at hand, and the variables that lead there. `stop` ends it.
 */
export const startStandInExtension = async (uri: string) => {
  const secrets = new Map([
    ['DatabaseUri', uri],
    ['Keyring', readFileSync(process.env['KEYRING_FILE'] ?? '', 'utf8')],
  ]);
  const server = createServer((request, response) => {
    const id = new URL(request.url ?? '', 'http://localhost').searchParams.get('secretId') ?? '';
    response.end(JSON.stringify({ SecretString: secrets.get(id) }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    environment: {
      MONGODB_URI: '',
      KEYRING_FILE: '',
      PARAMETERS_SECRETS_EXTENSION_HTTP_PORT: String((server.address() as AddressInfo).port),
      AWS_SESSION_TOKEN: 'bench',
      DATABASE_URI_SECRET: 'DatabaseUri',
      KEYRING_SECRET: 'Keyring',
    },
    stop: () => server.close(),
  };
};
