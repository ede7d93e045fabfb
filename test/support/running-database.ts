import type { RunningDatabase } from '#infra/local/database/start-database.ts';

// Jest loads globalSetup and globalTeardown apart from each other; the process is what they share.
const holder = globalThis as { testDatabase?: RunningDatabase };

export const keepForTeardown = (database: RunningDatabase): void => {
  holder.testDatabase = database;
};

export const takeForTeardown = (): RunningDatabase | undefined => holder.testDatabase;
