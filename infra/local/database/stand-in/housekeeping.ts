import type { Connections, Statement } from '../postgres/connections.ts';
import { deleteCursors } from './commands/cursor-commands.ts';
import type { Member } from './commands/server-commands.ts';
import type { Cursors } from './cursors.ts';

const deleteExpired: Statement = {
  name: 'delete_expired',
  text: 'call documentdb_api_internal.delete_expired_rows()',
};

const tickMs = 1_000;

type Keeper = { readonly connections: Connections; readonly member: Member; readonly cursors: Cursors };

const removeExpired = async ({ connections }: Keeper): Promise<void> => {
  const lease = await connections.borrow('plain');
  await lease.run(deleteExpired, []).then(
    () => lease.release('reuse'),
    () => lease.release('close'),
  );
};

const closeIdleCursors = async ({ connections, cursors }: Keeper): Promise<void> => {
  const idle = cursors.closeIdle();
  if (idle.length > 0) await connections.look(deleteCursors, [idle.map(String)]);
};

/**
 * Every `ttlMonitorSleepSecs` it removes expired documents (TTL indexes) and closes idle cursors. The engine's own
 * scheduler, which is off, would open new connections for this every few seconds.
 */
export const startHousekeeping = (keeper: Keeper): void => {
  let lastRun = Date.now();
  const tick = async (): Promise<void> => {
    if (Date.now() - lastRun < keeper.member.parameters.ttlMonitorSleepSecs * 1_000) return;
    lastRun = Date.now();
    await removeExpired(keeper);
    await closeIdleCursors(keeper);
  };
  // A failed round is repeated by the next one.
  setInterval(() => void tick().catch(() => undefined), tickMs).unref();
};
