import { startDatabase } from '#infra/local/database/start-database.ts';

// A program for the tests of process lifetimes: starts a database, prints where, and keeps it running until SIGTERM.
// Its optional argument is the folder that keeps the data.
const [dataPath] = process.argv.slice(2);
const log = (line: string): void => void process.stderr.write(`${line}\n`);
const database = await startDatabase(dataPath === undefined ? { log } : { log, dataPath });
process.stdout.write(`${JSON.stringify({ uri: database.uri, engine: database.engine })}\n`);
const keepAlive = setInterval(() => undefined, 60_000);
process.once('SIGTERM', () => {
  clearInterval(keepAlive);
  void database.stop();
});
