import mongoose, { type Connection } from 'mongoose';
import { Unavailable } from '#lib/domain/errors.ts';
import { lazy } from '#lib/runtime/lazy.ts';
import { logEvent } from '#lib/runtime/logger.ts';
import { readDatabaseUri } from '#lib/runtime/secrets.ts';

/** MongoDB 8.0: the first with a bulk write over several collections. */
const SERVER_FLOOR = 8;

/** The driver would print whole commands, names and all, if somebody set its variables in a function's environment. */
const SILENT_DRIVER = {
  mongodbLogComponentSeverities: {
    default: 'off',
    client: 'off',
    command: 'off',
    connection: 'off',
    serverSelection: 'off',
    topology: 'off',
  },
} as const;

const open = async (): Promise<Connection> => {
  const startedAt = Date.now();
  const uri = await readDatabaseUri();
  const connection = mongoose.createConnection(uri, {
    maxPoolSize: 2,
    serverSelectionTimeoutMS: 2_000,
    connectTimeoutMS: 2_000,
    maxIdleTimeMS: 60_000,
    bufferCommands: false,
    autoIndex: false,
    autoCreate: false,
    retryWrites: true,
    ...SILENT_DRIVER,
  });
  // Dropped sockets are the caller's to notice, by the operation that fails; an unheard 'error' would end the process.
  connection.on('error', () => undefined);
  try {
    await connection.asPromise();
    await checkServer(connection);
  } catch (cause) {
    await connection.destroy(true).catch(() => undefined);
    if (cause instanceof Unavailable) throw cause;
    throw new Unavailable('The database cannot be reached. Try again.', { cause });
  }
  logEvent('database-connected', { durationMs: Date.now() - startedAt });
  return connection;
};

const checkServer = async (connection: Connection): Promise<void> => {
  const answer: unknown = await connection.db?.admin().command({ buildInfo: 1 });
  const version =
    typeof answer === 'object' && answer !== null && 'version' in answer ? String(answer.version) : 'unknown';
  if (!(Number.parseInt(version, 10) >= SERVER_FLOOR)) {
    throw new Unavailable(`The database server is ${version}; it must be 8.0 or newer.`);
  }
};

const cached = lazy(open);

/** The environment's one connection, made on first use; a failed attempt is forgotten. */
export const connect = (): Promise<Connection> => cached.get();

/** Closes the connection, if there is one, as after an operation that outlived its deadline; the next request opens another. */
export const disconnect = async (): Promise<void> => {
  await cached
    .forget()
    ?.then((connection) => connection.destroy(true))
    .catch(() => undefined);
};
