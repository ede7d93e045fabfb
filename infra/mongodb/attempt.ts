import { setTimeout as delay } from 'node:timers/promises';
import type { MongoClient } from 'mongodb';
import type { Hello } from './failures.ts';

/** Stands for an attempt without a result when the time was up. */
export const NO_RESULT = Symbol('no result');

/** What came of trying to connect. Servers are named by host and port. */
export type Attempt = Readonly<{
  /** Why there is no connection: an error or NO_RESULT; undefined when there is one. */
  error: unknown;
  answers: ReadonlyMap<string, Hello>;
  unreachable: ReadonlyMap<string, Error>;
}>;

const connectionError = (client: MongoClient): Promise<unknown> =>
  client.connect().then(
    () => undefined,
    (error: unknown) => error,
  );

/** Connects, and closes the client again. Ends before `limitMs` when every server has failed or is dropped. */
export const attemptConnection = async (client: MongoClient, limitMs: number): Promise<Attempt> => {
  const answers = new Map<string, Hello>();
  client.on('serverHeartbeatSucceeded', ({ connectionId, reply }) => answers.set(connectionId, reply));
  let unreachable = new Map<string, Error>();
  const allFailed = new Promise((resolve) => {
    client.on('topologyDescriptionChanged', ({ newDescription: { servers } }) => {
      unreachable = new Map();
      for (const [address, { error }] of servers) if (error !== null) unreachable.set(address, error);
      // The driver drops a server that is not of the wanted replica set.
      if (unreachable.size === servers.size) resolve(NO_RESULT);
    });
  });
  const timer = new AbortController();
  const limit = delay(limitMs, NO_RESULT, { signal: timer.signal }).catch(() => NO_RESULT);
  const error = await Promise.race([connectionError(client), allFailed, limit]);
  timer.abort();
  const attempt = { error, answers, unreachable };
  await client.close().catch(() => undefined);
  return attempt;
};
