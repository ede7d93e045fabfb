import { numberOf } from '../../wire/bson-document.ts';
import type { BsonDocument } from '../../wire/bson-document.ts';
import { CommandError, codes } from '../errors.ts';
import type { Request } from '../request.ts';
import { logLine } from '../server-log.ts';
import { standInVersion, wireVersion } from '../version.ts';

const versionArray = [...standInVersion.split('.').map(Number), 0];

/** The gateway as the only member of a replica set. */
export type Member = {
  readonly address: string;
  readonly startedAt: number;
  setName: string | undefined;
  readonly parameters: Parameters;
};

/** The parameters that can be set at run time, in seconds, with mongod's names and defaults. */
const defaultParameters = {
  /** Time between two searches for expired documents. */
  ttlMonitorSleepSecs: 60,
  /** Age at which an open transaction is rolled back. */
  transactionLifetimeLimitSeconds: 60,
};
export type Parameters = Record<keyof typeof defaultParameters, number>;
export const newParameters = (): Parameters => ({ ...defaultParameters });

type ServerCommand = (member: Member, request: Request) => BsonDocument;

const ok: ServerCommand = () => ({ ok: 1 });

const hello: ServerCommand = ({ address, setName }) => ({
  helloOk: true,
  isWritablePrimary: true,
  ismaster: true,
  ...(setName === undefined
    ? { isreplicaset: true }
    : { secondary: false, setName, setVersion: 1, hosts: [address], primary: address, me: address }),
  maxBsonObjectSize: 16_777_216,
  maxMessageSizeBytes: 48_000_000,
  maxWriteBatchSize: 25_000,
  localTime: new Date(),
  logicalSessionTimeoutMinutes: 30,
  minWireVersion: 0,
  maxWireVersion: wireVersion,
  readOnly: false,
  ok: 1,
});

const buildInfo: ServerCommand = () => ({
  version: standInVersion,
  versionArray,
  gitVersion: 'documentdb-1.0',
  modules: ['documentdb'],
  storageEngines: ['documentdb'],
  bits: 64,
  debug: false,
  maxBsonObjectSize: 16_777_216,
  ok: 1,
});

const serverStatus: ServerCommand = ({ address, startedAt }) => ({
  host: address,
  version: standInVersion,
  process: 'mongod',
  pid: process.pid,
  uptimeMillis: Date.now() - startedAt,
  uptime: Math.round((Date.now() - startedAt) / 1000),
  localTime: new Date(),
  storageEngine: { name: 'documentdb', supportsCommittedReads: true, persistent: true },
  ok: 1,
});

const configOf = ({ address, setName }: Member): BsonDocument => ({
  _id: setName ?? '',
  version: 1,
  members: [{ _id: 0, host: address }],
});

const replSetGetStatus: ServerCommand = ({ address, setName }) => ({
  set: setName ?? '',
  myState: 1,
  members: [{ _id: 0, name: address, health: 1, state: 1, stateStr: 'PRIMARY', self: true }],
  ok: 1,
});

const replSetInitiate: ServerCommand = (member, { body }) => {
  const config = body['replSetInitiate'];
  const given = typeof config === 'object' && config && '_id' in config ? String(config._id) : 'rs0';
  member.setName = given;
  // mongodb-memory-server waits for this line of mongod's log.
  logLine('transition to primary complete; database writes are now permitted');
  return { ok: 1 };
};

const parametersOf = ({ parameters }: Member): BsonDocument => ({
  featureCompatibilityVersion: { version: '8.0' },
  ...parameters,
});

const getParameter: ServerCommand = (member, { body }) => {
  const parameters = parametersOf(member);
  if (body['getParameter'] === '*') return { ...parameters, ok: 1 };
  const known = Object.keys(parameters).filter((name) => name in body);
  if (known.length === 0) throw new CommandError(codes.invalidOptions, 'no option found to get');
  return { ...Object.fromEntries(known.map((name) => [name, parameters[name]])), ok: 1 };
};

const isParameter = (name: string): name is keyof Parameters => Object.hasOwn(defaultParameters, name);

/** Sets a parameter at run time: with it, tests of expiry and time-outs need not wait a minute. */
const setParameter: ServerCommand = ({ parameters }, { body }) => {
  const name = Object.keys(body).find(isParameter);
  const seconds = name && numberOf(body[name]);
  if (name === undefined || seconds === undefined || seconds < 1)
    throw new CommandError(codes.invalidOptions, 'no option found to set, use help:true to see options');
  const was = parameters[name];
  parameters[name] = seconds;
  return { was, ok: 1 };
};

/** The commands that need no database. */
export const serverCommands: ReadonlyMap<string, ServerCommand> = new Map(
  Object.entries({
    hello,
    isMaster: hello,
    ismaster: hello,
    ping: ok,
    buildInfo,
    buildinfo: buildInfo,
    serverStatus,
    hostInfo: () => ({ system: { currentTime: new Date(), hostname: 'localhost' }, ok: 1 }),
    getCmdLineOpts: () => ({ argv: process.argv, parsed: {}, ok: 1 }),
    getLog: () => ({ totalLinesWritten: 0, log: [], ok: 1 }),
    connectionStatus: () => ({ authInfo: { authenticatedUsers: [], authenticatedUserRoles: [] }, ok: 1 }),
    whatsmyuri: () => ({ you: '127.0.0.1:0', ok: 1 }),
    currentOp: () => ({ inprog: [], ok: 1 }),
    replSetInitiate,
    replSetGetConfig: (member) => ({ config: configOf(member), ok: 1 }),
    replSetReconfig: ok,
    replSetGetStatus,
    getParameter,
    setParameter,
    setFeatureCompatibilityVersion: ok,
    startSession: ok,
    refreshSessions: ok,
    logout: ok,
    // wire-server.ts's owner stops everything when it sees this one.
    shutdown: ok,
  } satisfies Record<string, ServerCommand>),
);
