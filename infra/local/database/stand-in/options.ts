import { parseArgs } from 'node:util';

/** What mongodb-memory-server passes to a mongod, as far as it matters here, and options of our own. */
export type Options = {
  readonly version: boolean;
  readonly port: number;
  readonly host: string;
  readonly dataFolder: string;
  /** PostgreSQL's programs and the data folder to start from (see installation/). */
  readonly binFolder: string;
  readonly template: string;
  /** How much memory it may keep data in; empty: as little as a laptop can spare. */
  readonly cacheGb: string;
  /** A folder to remove at the end, because it belongs to this run only; empty: none. */
  readonly removeAtEnd: string;
};

/** Reads the command line. Unknown options of a real mongod are accepted and mean nothing. */
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
