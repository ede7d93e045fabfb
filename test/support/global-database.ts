import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDatabase } from '#infra/local/database/start-database.ts';
import { keepForTeardown } from './running-database.ts';

/**
 * Jest's globalSetup: one database for the whole run, of which test-database.ts gives each file a part, and one folder
 * for what the files of the run share.
 */
const setUp = async (): Promise<void> => {
  const database = await startDatabase();
  keepForTeardown(database);
  process.env['TEST_RUN_FOLDER'] = await mkdtemp(join(tmpdir(), 'test-run-'));
  process.env['TEST_MONGODB_URI'] = database.uri;
  process.env['TEST_DATABASE_ENGINE'] = database.engine;
};

export default setUp;
