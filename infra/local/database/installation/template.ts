import { spawn } from 'node:child_process';
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exitCodeOf } from '../exit-code.ts';
import { account } from '../postgres/account.ts';
import { environment, makePrivateFolder } from '../postgres/postgres-process.ts';
import { preloaded } from '../postgres/server-settings.ts';

/**
 * Single-user mode reads one statement from each line. The trigger gives the planner a statistic of every new collection:
 * that it is one shard. Until PostgreSQL has analysed the data, it would otherwise read all of it to find a small part.
 */
const statements = [
  'create extension documentdb cascade',
  'create extension documentdb_extended_rum cascade',
  `create function public.describe_collection() returns event_trigger language plpgsql as $$
     declare made record;
     begin
       for made in
         select relname::text as name from pg_event_trigger_ddl_commands() join pg_class on pg_class.oid = objid
         where schema_name = 'documentdb_data' and object_type = 'table'
       loop
         perform pg_restore_attribute_stats(
           'schemaname', 'documentdb_data', 'relname', made.name, 'attname', 'shard_key_value',
           'inherited', false, 'null_frac', 0::real, 'avg_width', 8, 'n_distinct', 1::real);
       end loop;
     end $$`,
  `create event trigger describe_collection on ddl_command_end
     when tag in ('CREATE TABLE') execute function public.describe_collection()`,
].map((statement) => `${statement.replaceAll(/\s*\n\s*/g, ' ')}\n`);

const runAsServer = async (program: string, options: readonly string[], input = ''): Promise<void> => {
  const child = spawn(program, options, {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: environment,
    cwd: '/',
    ...account,
  });
  const output: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => output.push(chunk));
  child.stdin.end(input);
  const code = await exitCodeOf(child);
  const said = Buffer.concat(output).toString();
  // Single-user mode continues after a failed statement and exits with 0.
  if (code !== 0 || /\b(ERROR|FATAL):/.test(said)) throw new Error(`${program} failed: ${said}`);
};

/** Makes the data folder that every new database is copied from: PostgreSQL with the engine installed. */
export const makeTemplate = async (binFolder: string, folder: string): Promise<void> => {
  await makePrivateFolder(folder);
  await runAsServer(join(binFolder, 'initdb'), [
    ...['-D', folder, '--username=postgres', '--auth=trust', '--no-sync'],
    ...['--locale=C.UTF-8', '--encoding=UTF8', '--wal-segsize=1'],
  ]);
  const settings = Object.entries(preloaded).map(([name, value]) => `${name} = '${value}'\n`);
  await appendFile(join(folder, 'postgresql.conf'), settings.join(''));
  // Single-user mode needs neither socket nor port.
  await runAsServer(
    join(binFolder, 'postgres'),
    ['--single', '-F', '-D', folder, 'postgres'],
    statements.join(''),
  );
};
