import mongoose, { type Connection } from 'mongoose';
import { Unavailable } from '#lib/domain/errors.ts';
import { lazy } from '#lib/runtime/lazy.ts';
import { logEvent } from '#lib/runtime/logger.ts';
import { readDatabaseUri } from '#lib/runtime/secrets.ts';
import { type LoopbackOnly, loopbackOnly, unsafeTransport } from './safe-transport.ts';

/** MongoDB 8.0 is the first version with a bulk write to several collections. */
const OLDEST_SERVER = 8;

/** Overrides the driver's environment variables, which could make it print whole commands with names of customers. */
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

/** The connection string is not valid, or would send personal data over an unsafe connection. The log shows the code. */
class UnusableUri extends Error {
  override readonly name = 'UnusableUri';
  readonly code: string;

  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

/**
 * Checks the connection string before a name is looked up or anything is sent.
 * @returns options that keep a connection without TLS on this machine
 * @throws Unavailable when it is not valid or not safe
 */
const checkUri = (uri: string): LoopbackOnly | undefined => {
  const options = parsed(uri);
  const code = options === undefined ? 'not-a-connection-string' : unsafeTransport(options)?.code;
  // To wait for the mended setting is all that a client can do.
  if (code !== undefined)
    throw new Unavailable(UNREACHABLE, { cause: new UnusableUri(code), isLasting: true });
  return options && loopbackOnly(options);
};

const parsed = (uri: string) => {
  try {
    // A client opens no socket before it connects.
    return new mongoose.mongo.MongoClient(uri).options;
  } catch {
    // The driver's message quotes parts of the text, which may hold a password.
    return undefined;
  }
};

/** AuthenticationFailed, and the same of Atlas. */
const LOGIN_REFUSED: ReadonlySet<unknown> = new Set([18, 8000]);

const isLoginRefused = (cause: unknown): boolean =>
  cause instanceof mongoose.mongo.MongoServerError && LOGIN_REFUSED.has(cause.code);

const UNREACHABLE = 'The database cannot be reached. Try again.';

const open = async (): Promise<Connection> => {
  const startedAt = Date.now();
  const uri = await readDatabaseUri();
  const bound = checkUri(uri);
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
    ...bound,
  });
  // Without a listener, an 'error' event ends the process. The operation that uses a dropped socket fails anyway.
  connection.on('error', () => undefined);
  try {
    await connection.asPromise();
    await checkServer(connection);
  } catch (cause) {
    await connection.destroy(true).catch(() => undefined);
    if (cause instanceof Unavailable) throw cause;
    throw new Unavailable(UNREACHABLE, { cause, isLasting: isLoginRefused(cause) });
  }
  logEvent('database-connected', { durationMs: Date.now() - startedAt });
  return connection;
};

const checkServer = async (connection: Connection): Promise<void> => {
  const answer: unknown = await connection.db?.admin().command({ buildInfo: 1 });
  const version =
    typeof answer === 'object' && answer !== null && 'version' in answer ? String(answer.version) : 'unknown';
  if (!(Number.parseInt(version, 10) >= OLDEST_SERVER)) {
    throw new Unavailable(`The database server has version ${version}; it must be 8.0 or newer.`, {
      isLasting: true,
    });
  }
};

const cached = lazy(open);

/**
 * The environment's only connection, opened on first use. After a failure, the next call tries again.
 * @throws Unavailable when the connection string is not safe, the database cannot be reached or is older than MongoDB 8.0
 */
export const connect = (): Promise<Connection> => cached.get();

/** Closes the connection if it is open, for example after an operation passed its deadline. The next request opens one. */
export const disconnect = async (): Promise<void> => {
  await cached
    .forget()
    ?.then((connection) => connection.destroy(true))
    .catch(() => undefined);
};
