import { randomUUID } from 'node:crypto';
import { pastProbe } from './wire/probe.ts';

const uriFrom = (variable: 'PROBED_MONGODB_URI' | 'TEST_MONGODB_URI'): URL => {
  const uri = process.env[variable];
  if (!uri) throw new Error(`${variable} is set by jest’s set-up: see jest.config.mjs`);
  return new URL(uri);
};

/** The engine that answers in this run: `external`, `mongod` or `documentdb`. */
export const testDatabaseEngine = (): string => process.env['TEST_DATABASE_ENGINE'] ?? 'external';

const named = (uri: URL, name: string): string => {
  uri.pathname = `/${name.replace(/[^\w-]/g, '-').slice(0, 40)}-${randomUUID().slice(0, 8)}`;
  return uri.href;
};

/**
 * A URI with a fresh, empty database, whose name begins with `name` so that a log can be read. It leads through the wire
 * probe: whoever asks here is the service, and a command that is not scoped fails the test.
 */
export const testDatabaseUri = (name: string): string => named(uriFrom('PROBED_MONGODB_URI'), name);

/** Likewise for a test of the database itself, which may send whatever it likes. */
export const unprobedDatabaseUri = (name: string): string => named(uriFrom('TEST_MONGODB_URI'), name);

/** The way past the probe to the database of a URI: for a test's own eyes and hands, never for the service. */
export const adminUriOf = (uri: string): string => {
  const known = pastProbe(uri);
  if (known !== null) return known;
  // Another proxy stands before the probe; only the database's name is still true.
  const admin = uriFrom('TEST_MONGODB_URI');
  admin.pathname = new URL(uri).pathname;
  return admin.href;
};
