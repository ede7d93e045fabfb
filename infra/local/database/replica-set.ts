import { MongoMemoryReplSet } from 'mongodb-memory-server';

/** What to run, and where its data goes. */
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
      // Out of the terminal's reach: Ctrl-C would stop it before what still uses it, and before `stop` can.
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
