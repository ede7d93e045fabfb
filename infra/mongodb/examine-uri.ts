import { MongoClient, type MongoClientOptions } from 'mongodb';
import { loopbackOnly, unsafeTransport } from '#lib/store/database/safe-transport.ts';
import { type Attempt, attemptConnection, NO_RESULT } from './attempt.ts';
import { type Failure, failureOfError, failureOfServer, NO_ANSWER, NO_PRIMARY } from './failures.ts';

/** For looking up names, connecting and logging in, TLS included. */
const LIMIT_MS = 2_000;

const NOT_A_CONNECTION_STRING =
  'MONGODB_URI is not a valid MongoDB connection string. Write mongodb://host:port/database?replicaSet=name, ' +
  'and percent-encode special characters in the user name and the password.';

/** An unencoded `/` in a user name or password: the driver would take a part of it for the host. */
const HIDES_CREDENTIALS = /^[^/]*\/\/[^/?]*\/[^?]*@/;

const clientFor = (uri: string, bound: MongoClientOptions = {}): MongoClient | undefined => {
  if (HIDES_CREDENTIALS.test(uri)) return undefined;
  try {
    return new MongoClient(uri, { connectTimeoutMS: LIMIT_MS, ...bound });
  } catch {
    // The driver's message quotes parts of the text, which may hold a password.
    return undefined;
  }
};

const messageFor = (places: Iterable<string>, { why, whatToDo }: Failure): string =>
  `MONGODB_URI: cannot use the database at ${[...places].join(', ')}, because ${why}. ${whatToDo}`;

const placesOf = ({ options: { srvHost, hosts } }: MongoClient): readonly string[] =>
  srvHost === undefined ? hosts.map(String) : [srvHost];

const problemOf = (client: MongoClient, { error, answers, unreachable }: Attempt): string | undefined => {
  const { options } = client;
  const places = placesOf(client);
  const unfit = [...answers.values()].map((hello) => failureOfServer(hello, options.replicaSet));
  if (unfit[0] !== undefined && !unfit.includes(undefined)) return messageFor(places, unfit[0]);
  if (error === undefined) return undefined;
  if (error !== NO_RESULT) return messageFor(places, failureOfError(error));
  const [first] = unreachable.values();
  if (first !== undefined) return messageFor(unreachable.keys(), failureOfError(first));
  return messageFor(places, answers.size > 0 ? NO_PRIMARY : NO_ANSWER);
};

/**
 * Tries the database at a connection string, for 2 seconds at most. One that is not safe is not tried: nothing is sent.
 * @returns what is wrong and what to do, without user name and password; undefined when the service can use it
 */
export const examineMongodbUri = async (uri: string): Promise<string | undefined> => {
  const unbound = clientFor(uri);
  if (unbound === undefined) return NOT_A_CONNECTION_STRING;
  const unsafe = unsafeTransport(unbound.options);
  if (unsafe !== undefined) return messageFor(placesOf(unbound), unsafe);
  const client = clientFor(uri, loopbackOnly(unbound.options)) ?? unbound;
  return problemOf(client, await attemptConnection(client, LIMIT_MS));
};
