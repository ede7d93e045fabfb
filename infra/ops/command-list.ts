import type { Command } from './command.ts';
import { exportCustomers } from './commands/export-customers.ts';
import { exportPerson } from './commands/export-person.ts';
import { importCustomers } from './commands/import-customers.ts';
import { keyring } from './commands/keyring.ts';
import { mergeDuplicates } from './commands/merge-duplicates.ts';
import { migrate } from './commands/migrate.ts';
import { processingRecord } from './commands/processing-record.ts';
import { purge } from './commands/purge.ts';
import { reencrypt } from './commands/reencrypt.ts';
import { recountActivity } from './commands/recount-activity.ts';
import { replayErasures } from './commands/replay-erasures.ts';
import { reportDuplicates } from './commands/report-duplicates.ts';
import { seedDemo } from './commands/seed-demo.ts';
import { verifyHistories } from './commands/verify-histories.ts';
import { whoSaw } from './commands/who-saw.ts';

/** All commands, in the order in which the help lists them. */
export const COMMANDS: readonly Command[] = [
  migrate,
  importCustomers,
  exportCustomers,
  reportDuplicates,
  mergeDuplicates,
  exportPerson,
  whoSaw,
  processingRecord,
  verifyHistories,
  recountActivity,
  purge,
  replayErasures,
  reencrypt,
  keyring,
  seedDemo,
];
