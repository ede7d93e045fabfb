import { serveTask } from '#lib/serve/serve-task.ts';
import { migrate } from '#lib/store/migrations/migrate.ts';
import { contract } from './contract.ts';
import { migrateDatabase } from './migrate-database.ts';

export const handler = serveTask(contract, migrateDatabase({ migrate }));
