import { createHook } from 'node:async_hooks';

/** What Node makes for a name to look up and for a connection to open: TCP, TLS and pipes. */
const OF_THE_NETWORK = [
  'DNSCHANNEL',
  'GETADDRINFOREQWRAP',
  'PIPECONNECTWRAP',
  'QUERYWRAP',
  'TCPCONNECTWRAP',
  'TLSWRAP',
];

/** Runs steps and returns which look-ups and connections this process began meanwhile. */
export const networkUseOf = async (steps: () => Promise<unknown>): Promise<string[]> => {
  const begun: string[] = [];
  const hook = createHook({
    init: (_id, type) => {
      if (OF_THE_NETWORK.includes(type)) begun.push(type);
    },
  }).enable();
  try {
    await steps();
  } finally {
    hook.disable();
  }
  return begun;
};
