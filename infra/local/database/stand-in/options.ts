import { parseArgs } from 'node:util';

/** The options that mongodb-memory-server passes to a mongod and that matter here, and options of our own. */
export type Options = {
  readonly version: boolean;
  readonly port: number;
  readonly host: string;
  readonly dataFolder: string;
  /** PostgreSQL's programs and the data folder to start from (see installation/). */
  readonly binFolder: string;
  readonly template: string;
  /** Memory for data in GB; empty for PostgreSQL's small default. */
  readonly cacheGb: string;
  /** A folder of this run only, which is removed at the end; empty for none. */
  readonly removeAtEnd: string;
};

/** Reads the command line. Other options of a real mongod are accepted and ignored. */
export const readOptions = (commandLine: readonly string[]): Options => {
  const { values } = parseArgs({
    args: [...commandLine],
    strict: false,
    options: {
      version: { type: 'boolean' },
      port: { type: 'string' },
      bind_ip: { type: 'string' },
      dbpath: { type: 'string' },
      replSet: { type: 'string' },
      storageEngine: { type: 'string' },
      wiredTigerCacheSizeGB: { type: 'string' },
      binFolder: { type: 'string' },
      template: { type: 'string' },
      removeAtEnd: { type: 'string' },
    },
  });
  const text = (value: string | boolean | undefined): string => (typeof value === 'string' ? value : '');
  return {
    version: values.version === true,
    port: Number(text(values.port)) || 27_017,
    host: text(values.bind_ip) || '127.0.0.1',
    dataFolder: text(values.dbpath),
    binFolder: text(values.binFolder),
    template: text(values.template),
    cacheGb: text(values.wiredTigerCacheSizeGB),
    removeAtEnd: text(values.removeAtEnd),
  };
};
