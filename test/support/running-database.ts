import type { RunningDatabase } from '#infra/local/database/start-database.ts';

// Jest loads globalSetup and globalTeardown separately; they only share the process.
const holder = globalThis as { testDatabase?: RunningDatabase };

export const keepForTeardown = (database: RunningDatabase): void => {
  holder.testDatabase = database;
};

export const takeForTeardown = (): RunningDatabase | undefined => holder.testDatabase;
