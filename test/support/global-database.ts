import { startDatabase } from '#infra/local/database/start-database.ts';
import { keepForTeardown } from './running-database.ts';

/** Jest's globalSetup: one database for the whole run; test-database.ts gives each file a name of its own on it. */
const setUp = async (): Promise<void> => {
  const database = await startDatabase();
  keepForTeardown(database);
  process.env['TEST_MONGODB_URI'] = database.uri;
  process.env['TEST_DATABASE_ENGINE'] = database.engine;
};

export default setUp;
