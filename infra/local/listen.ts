import { once } from 'node:events';
import type { Server } from 'node:http';

/** Starts to listen and returns the port. Rejects with the system's error, EADDRINUSE for a port in use. */
export const listen = async (
  server: Server,
  at: Readonly<{ host: string; port: number }>,
): Promise<number> => {
  server.listen(at);
  await once(server, 'listening');
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : at.port;
};

/** Stops listening and closes all connections. Does nothing for a server that does not listen. */
export const closeServer = async (server: Server): Promise<void> => {
  if (!server.listening) return;
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
};
