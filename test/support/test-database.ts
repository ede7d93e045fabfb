import { randomUUID } from 'node:crypto';

const uriOfRun = (): URL => {
  const uri = process.env['TEST_MONGODB_URI'];
  if (!uri) throw new Error('TEST_MONGODB_URI is set by test/support/global-database.ts, jest’s globalSetup');
  return new URL(uri);
};

/** The engine that answers in this run: `external`, `mongod` or `documentdb`. */
export const testDatabaseEngine = (): string => process.env['TEST_DATABASE_ENGINE'] ?? 'external';

/** A URI with a fresh, empty database, whose name begins with `name` so that a log can be read. */
export const testDatabaseUri = (name: string): string => {
  const uri = uriOfRun();
  uri.pathname = `/${name.replace(/[^\w-]/g, '-').slice(0, 40)}-${randomUUID().slice(0, 8)}`;
  return uri.href;
};
