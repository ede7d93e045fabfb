import { connect, createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

/** A database that can stop answering: a TCP proxy before the real one. */
export type StallingProxy = {
  /** The URI of the same database, by way of the proxy. */
  uri: string;
  /** From now on nothing passes, and nobody is told: connections stay open and silent. */
  stall: () => void;
  /** What was held back passes, and all that follows. */
  resume: () => void;
  /** Resets every connection; new ones are accepted. */
  reset: () => void;
  stop: () => Promise<void>;
};

/** Starts a proxy before the first server that a MongoDB URI names. */
export const startStallingProxy = async (databaseUri: string): Promise<StallingProxy> => {
  const target = new URL(databaseUri);
  const [host = '127.0.0.1', port = '27017'] = target.host.split(',')[0]?.split(':') ?? [];
  const sockets = new Set<Socket>();
  let isStalled = false;
  const setFlow = (): void => {
    for (const socket of sockets) {
      if (isStalled) socket.pause();
      else socket.resume();
    }
  };
  const server = createServer((near) => {
    const far = connect(Number(port), host);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on('data', (bytes) => to.write(bytes));
      from.on('error', () => to.destroy());
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
    }
    setFlow();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  target.host = `127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  // The driver must not learn the real address, or it would go around.
  target.searchParams.delete('replicaSet');
  target.searchParams.set('directConnection', 'true');
  const reset = (): void => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  return {
    uri: target.href,
    reset,
    stall: () => {
      isStalled = true;
      setFlow();
    },
    resume: () => {
      isStalled = false;
      setFlow();
    },
    stop: async () => {
      reset();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
