import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildFunctions } from '#infra/build/bundles.ts';
import { startDatabase } from '#infra/local/database/start-database.ts';
import { readOrMakeKeyring } from '#infra/local/keyring-file.ts';
import { say } from './figures.ts';

type Answer = Readonly<{ statusCode: number; headers?: Record<string, string>; body: string }>;
export type Handler = (event: unknown, context: unknown) => Promise<Answer>;

/** The functions as they are shipped, and a database server for them. */
export type Site = Awaited<ReturnType<typeof openSite>>;

/** Bundles the functions, starts the database and sets the environment of this process and its children. */
export const openSite = async () => {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const keyring = join(folder, 'keyring.json');
  await readOrMakeKeyring(keyring);
  const database = await startDatabase({ databaseName: 'bench', log: say });
  const environment = {
    KEYRING_FILE: keyring,
    POWERTOOLS_LOG_LEVEL: 'CRITICAL',
    RATE_LIMIT_PER_SECOND: '1000000',
    RATE_LIMIT_BURST: '1000000',
  };
  Object.assign(process.env, environment);
  const bundles = join(folder, 'dist');
  await buildFunctions({ outdir: bundles });
  return {
    folder,
    engine: database.engine,
    /** A database of its own on the server. */
    uriOf: (name: string): string => {
      const uri = new URL(database.uri);
      uri.pathname = `/${name}`;
      return uri.href;
    },
    bundleOf: (name: string) => join(bundles, name, 'index.cjs'),
    close: async () => {
      await database.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

const load = createRequire(import.meta.url);

/** A copy of a bundle, with a connection of its own: it goes where MONGODB_URI leads on its first call. */
export const openBundle = (file: string): Handler => {
  // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- only so does Node load the same file again
  delete load.cache[file];
  return (load(file) as { handler: Handler }).handler;
};
