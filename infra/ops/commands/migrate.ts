import { parseArgs } from 'node:util';
import { contract } from '#functions/upkeep/migrate-database/contract.ts';
import { migrateDatabase } from '#functions/upkeep/migrate-database/migrate-database.ts';
import { migrate as applyMigrations } from '#lib/store/migrations/migrate.ts';
import { type Command, EXIT } from '../command.ts';
import { runTask } from '../run-task.ts';
import { print } from '../terminal.ts';

export const migrate: Command = {
  name: 'migrate',
  summary: 'Update the database to what this version needs. Safe to repeat.',
  usage: '',
  help: ['It prints the name of each migration that it applies.'],
  needsDatabase: true,
  run: async (args) => {
    parseArgs({ args: [...args], options: {} });
    const { applied } = await runTask(contract, migrateDatabase({ migrate: applyMigrations }), {});
    print(
      applied.length === 0
        ? 'The database is up to date.'
        : applied.map((name) => `Applied ${name}`).join('\n'),
    );
    return EXIT.done;
  },
};
