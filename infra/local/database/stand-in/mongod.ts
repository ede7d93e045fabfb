import { rm } from 'node:fs/promises';
import { Connections } from '../postgres/connections.ts';
import { startPostgres } from '../postgres/postgres-process.ts';
import { type Member, newParameters } from './commands/server-commands.ts';
import { prepareDataFolder } from './data-folder.ts';
import { Dispatcher } from './dispatch.ts';
import { startHousekeeping } from './housekeeping.ts';
import { readOptions } from './options.ts';
import type { Options } from './options.ts';
import { logLine } from './server-log.ts';
import { standInVersion } from './version.ts';
import { listen } from './wire-server.ts';

// The stand-in for a mongod where none can be installed. It has the part of mongod's command line, log lines and wire
// protocol that mongodb-memory-server and the MongoDB driver use. DocumentDB on PostgreSQL runs the commands.

const run = async (options: Options): Promise<void> => {
  const startedAt = Date.now();
  const dataFolder = await prepareDataFolder(options.dataFolder, options.template);
  const postgres = await startPostgres(options.binFolder, dataFolder, options.cacheGb);
  const connections = new Connections(postgres.socketFolder, 'postgres');
  const member: Member = {
    address: `${options.host}:${options.port}`,
    startedAt,
    setName: undefined,
    parameters: newParameters(),
  };
  const dispatcher = new Dispatcher(connections, member);

  let isStopping = false;
  const stop = async (): Promise<void> => {
    if (isStopping) return;
    isStopping = true;
    await postgres.stop();
    if (options.removeAtEnd) await rm(options.removeAtEnd, { recursive: true, force: true });
    process.exit(0);
  };
  startHousekeeping({ connections, member, cursors: dispatcher.cursors });
  await listen(options.port, options.host, async (request) => {
    if (request.name === 'shutdown') void stop();
    return dispatcher.answer(request);
  });
  process.on('SIGINT', () => void stop());
  process.on('SIGTERM', () => void stop());
  // The pipe from the parent closes when the parent ends, even by SIGKILL.
  process.stdin.on('end', () => void stop()).resume();
  void postgres.ended.then(() => (isStopping ? undefined : process.exit(1)));
  logLine(`waiting for connections on port ${options.port}`);
};

const options = readOptions(process.argv.slice(2));
if (options.version) logLine(`db version v${standInVersion}`);
else
  await run(options).catch((error: unknown) => {
    // mongodb-memory-server looks for the reason in a line of this form.
    logLine(`exception in initAndListen: StandInFailed: ${String(error)}`);
    process.exit(1);
  });
