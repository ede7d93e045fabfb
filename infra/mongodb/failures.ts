import {
  MongoCompatibilityError,
  MongoNetworkError,
  MongoNetworkTimeoutError,
  MongoServerError,
} from 'mongodb';

/** Why a database cannot be used, and what to do about it: the halves of a message for a person. */
export type Failure = Readonly<{ why: string; whatToDo: string }>;

/** The part of a server's answer to `hello` that says whether the service can use it. */
export type Hello = Readonly<{
  setName?: string;
  /** Started as a member of a replica set that is not initiated yet. */
  isreplicaset?: boolean;
  /** `isdbgrid` for the router of a sharded cluster, which has transactions too. */
  msg?: string;
  maxWireVersion?: number;
}>;

const WIRE_VERSION_OF_MONGODB_8 = 25;

const NOT_INITIATED: Failure = {
  why: 'its replica set is not initiated',
  whatToDo: 'Run rs.initiate() in its shell.',
};
const NO_REPLICA_SET: Failure = {
  why: 'it is not a member of a replica set, and the service needs transactions',
  whatToDo: 'Start it with --replSet and run rs.initiate() in its shell.',
};
const TOO_OLD: Failure = {
  why: 'it is older than MongoDB 8.0',
  whatToDo: 'Use MongoDB 8.0 or newer.',
};
export const NO_PRIMARY: Failure = {
  why: 'its replica set has no primary',
  whatToDo: 'Start enough members to elect one, then try again.',
};
const NO_LOGIN: Failure = {
  why: 'authentication failed',
  whatToDo: 'Correct the user name, the password or authSource.',
};
export const NO_ANSWER: Failure = {
  why: 'it did not answer within 2 seconds',
  whatToDo: 'Check the address and the firewall, and that MongoDB runs there.',
};
const NO_NAME: Failure = {
  why: 'the host name is not known',
  whatToDo: 'Correct the host name, or check the DNS of this machine.',
};
const NO_ROUTE: Failure = {
  why: 'the network does not reach it',
  whatToDo: 'Check the address and the firewall.',
};
const NO_MONGODB: Failure = {
  why: 'it closed the connection and did not answer as MongoDB does',
  whatToDo: 'Correct the host and port. If the server expects TLS, add tls=true.',
};
const ELSEWHERE: Failure = {
  why: 'it is on another machine, and a connection without TLS stays on this one',
  whatToDo: 'Add tls=true and a user, or give the member of the replica set a name on this machine.',
};

const BY_CODE: Readonly<Record<string, Failure>> = {
  ECONNREFUSED: {
    why: 'the connection was refused',
    whatToDo: 'Start MongoDB there, or correct the host and port.',
  },
  ENOTFOUND: NO_NAME,
  EAI_AGAIN: NO_NAME,
  // What the system says when a socket that is bound to the loopback is to leave the machine.
  EINVAL: ELSEWHERE,
  EADDRNOTAVAIL: ELSEWHERE,
  EHOSTUNREACH: NO_ROUTE,
  ENETUNREACH: NO_ROUTE,
  ETIMEDOUT: NO_ANSWER,
  ECONNRESET: NO_MONGODB,
  EPIPE: NO_MONGODB,
};

/** 18 is AuthenticationFailed; 8000 is what MongoDB Atlas answers in its place. */
const LOGIN_CODES: readonly (string | number | undefined)[] = [18, 8000];

/** What keeps the service from using a server that answers; undefined when nothing does. */
export const failureOfServer = (hello: Hello, wantedSet: string | undefined): Failure | undefined => {
  if ((hello.maxWireVersion ?? 0) < WIRE_VERSION_OF_MONGODB_8) return TOO_OLD;
  if (hello.isreplicaset === true) return NOT_INITIATED;
  if (hello.msg === 'isdbgrid') return undefined;
  if (hello.setName === undefined) return NO_REPLICA_SET;
  if (wantedSet === undefined || wantedSet === hello.setName) return undefined;
  return {
    why: `it belongs to the replica set ${hello.setName}, not to ${wantedSet}`,
    whatToDo: 'Correct replicaSet.',
  };
};

/** The code of an error or of its cause: a name of the operating system, or a number of MongoDB. */
const codeOf = (error: unknown): string | number | undefined => {
  if (!Error.isError(error)) return undefined;
  const code = 'code' in error ? error.code : undefined;
  return typeof code === 'string' || typeof code === 'number' ? code : codeOf(error.cause);
};

/** Why there is no connection. Messages of the driver stay out of it: they may quote the connection string. */
export const failureOfError = (error: unknown): Failure => {
  const code = codeOf(error);
  if (error instanceof MongoServerError && LOGIN_CODES.includes(code)) return NO_LOGIN;
  // The driver supports no server before MongoDB 4.2.
  if (error instanceof MongoCompatibilityError) return TOO_OLD;
  if (error instanceof MongoNetworkTimeoutError) return NO_ANSWER;
  if (error instanceof MongoNetworkError && code === undefined) return NO_MONGODB;
  return (
    BY_CODE[code ?? ''] ?? {
      why: `the connection failed (${code ?? (Error.isError(error) ? error.name : 'unknown error')})`,
      whatToDo: 'Correct MONGODB_URI.',
    }
  );
};
