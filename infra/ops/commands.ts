import type { Command } from './command.ts';
import { exportCustomers } from './export.ts';
import { importCustomers } from './import.ts';
import { keyring } from './keyring.ts';
import { mergeDuplicates } from './merge-duplicates.ts';
import { migrate } from './migrate.ts';
import { purge } from './purge.ts';
import { reencrypt } from './reencrypt.ts';
import { reportDuplicates } from './report-duplicates.ts';
import { verifyHistories } from './verify-histories.ts';

/** Every command, in the order in which the help lists them. */
export const COMMANDS: readonly Command[] = [
  migrate,
  importCustomers,
  exportCustomers,
  reportDuplicates,
  mergeDuplicates,
  verifyHistories,
  purge,
  reencrypt,
  keyring,
];
