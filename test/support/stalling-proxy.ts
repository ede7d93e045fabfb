import { connect, createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

/** A database that can stop answering: a TCP proxy in front of the real one. */
export type StallingProxy = {
  /** The URI of the same database, through the proxy. */
  uri: string;
  /** From now on nothing passes and no error is sent: connections stay open and silent. */
  stall: () => void;
  /** What was held back passes, and everything after it. */
  resume: () => void;
  /** Resets every connection; new ones are accepted. */
  reset: () => void;
  /** Resets the connection of each of the next commands that have this word in them, in place of passing them on. */
  breakNext: (times: number, word: string) => void;
  /** From now on nothing passes through the connections that are open; new ones work. */
  stallOpen: () => void;
  /** Is told of each message of a client, after it was passed on. */
  whenAsked: (tell: () => void) => void;
  stop: () => Promise<void>;
};

/** Starts a proxy in front of the first server in a MongoDB URI. */
export const startStallingProxy = async (databaseUri: string): Promise<StallingProxy> => {
  const target = new URL(databaseUri);
  const [host = '127.0.0.1', port = '27017'] = target.host.split(',')[0]?.split(':') ?? [];
  const sockets = new Set<Socket>();
  let isStalled = false;
  let told: () => void = () => undefined;
  const broken = { left: 0, word: '' };
  const isBroken = (bytes: Buffer): boolean => {
    if (broken.left === 0 || !bytes.includes(broken.word)) return false;
    broken.left -= 1;
    return true;
  };
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
      from.on('data', (bytes: Buffer) => {
        if (from === near && isBroken(bytes)) near.resetAndDestroy();
        else to.write(bytes);
        if (from === near) told();
      });
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
  // The driver must not learn the real address, or it would bypass the proxy.
  target.searchParams.delete('replicaSet');
  target.searchParams.set('directConnection', 'true');
  const reset = (): void => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  return {
    uri: target.href,
    reset,
    breakNext: (times, word) => {
      Object.assign(broken, { left: times, word });
    },
    stallOpen: () => {
      for (const socket of sockets) socket.pause();
    },
    whenAsked: (tell) => {
      told = tell;
    },
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
