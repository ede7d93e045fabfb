import { randomUUID } from 'node:crypto';
import { pastProbe } from './wire/probe.ts';

const uriFrom = (variable: 'PROBED_MONGODB_URI' | 'TEST_MONGODB_URI'): URL => {
  const uri = process.env[variable];
  if (!uri) throw new Error(`${variable} is set by jest’s set-up: see jest.config.mjs`);
  return new URL(uri);
};

/** The database engine of this run: `external`, `mongod` or `documentdb`. */
export const testDatabaseEngine = (): string => process.env['TEST_DATABASE_ENGINE'] ?? 'external';

const named = (uri: URL, name: string): string => {
  uri.pathname = `/${name.replace(/[^\w-]/g, '-').slice(0, 40)}-${randomUUID().slice(0, 8)}`;
  return uri.href;
};

/**
 * A URI of a new, empty database; its name begins with `name` to make logs readable. The URI goes through the wire
 * probe: every command sent there counts as the service's, and one that is not scoped fails the test.
 */
export const testDatabaseUri = (name: string): string => named(uriFrom('PROBED_MONGODB_URI'), name);

/** The same for a test of the database itself, which may send any command. */
export const unprobedDatabaseUri = (name: string): string => named(uriFrom('TEST_MONGODB_URI'), name);

/** The database of a URI without the probe: for what a test reads and writes itself, never for the service. */
export const adminUriOf = (uri: string): string => {
  const known = pastProbe(uri);
  if (known !== null) return known;
  // Another proxy may be in front of the probe; then only the database's name is still right.
  const admin = uriFrom('TEST_MONGODB_URI');
  admin.pathname = new URL(uri).pathname;
  return admin.href;
};
