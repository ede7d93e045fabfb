import { MongoMemoryReplSet } from 'mongodb-memory-server';

/** The program to run and the folder for its data. */
export type ReplicaSetOptions = {
  readonly binary: { systemBinary?: string; downloadDir?: string; version?: string };
  /** An existing folder. */
  readonly dataFolder: string;
  readonly databaseName: string;
  /** Further options for the mongod. */
  readonly args?: readonly string[];
};

const launchTimeout = 60_000;

/** Starts a replica set of one member on a free port of 127.0.0.1: transactions need a replica set. */
export const startReplicaSet = async (
  options: ReplicaSetOptions,
): Promise<{ uri: string; stop: () => Promise<void> }> => {
  const replicaSet = await MongoMemoryReplSet.create({
    binary: options.binary,
    instanceOpts: [{ dbPath: options.dataFolder, launchTimeout }],
    replSet: {
      name: 'rs0',
      count: 1,
      storageEngine: 'wiredTiger',
      args: [...(options.args ?? [])],
      // In a process group of its own. Otherwise Ctrl-C would stop it before the processes that use it.
      spawn: { detached: true },
    },
  });
  return {
    uri: replicaSet.getUri(options.databaseName),
    stop: async () => {
      await replicaSet.stop({ doCleanup: false });
    },
  };
};
