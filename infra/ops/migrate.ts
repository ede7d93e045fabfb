import { parseArgs } from 'node:util';
import { contract } from '#functions/migrate-database/contract.ts';
import { migrateDatabase } from '#functions/migrate-database/migrate-database.ts';
import { migrate as applyMigrations } from '#lib/store/migrations/migrate.ts';
import { type Command, EXIT } from './command.ts';
import { runTask } from './run-task.ts';
import { say } from './terminal.ts';

export const migrate: Command = {
  name: 'migrate',
  summary: 'Bring the database to what this version needs; safe to repeat',
  help: ['It takes no options. It names each migration that it applied.'],
  needsDatabase: true,
  run: async (args) => {
    parseArgs({ args: [...args], options: {} });
    const { applied } = await runTask(contract, migrateDatabase({ migrate: applyMigrations }), {});
    say(applied.length === 0 ? 'Nothing was missing.' : applied.map((name) => `applied ${name}`).join('\n'));
    return EXIT.done;
  },
};
