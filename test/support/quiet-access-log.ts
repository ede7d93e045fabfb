import { isAccessLine } from './access-lines.ts';

/**
 * The access log has no level that would silence it. In a run of tests its lines go nowhere, unless a test captures
 * them. Jest loads this before each file, on streams that the files of a worker share.
 */
const IS_QUIET = Symbol.for('the access log is quiet');
const stdout: typeof process.stdout & { [IS_QUIET]?: true } = process.stdout;

if (stdout[IS_QUIET] === undefined) {
  stdout[IS_QUIET] = true;
  const write = stdout.write.bind(stdout);
  stdout.write = (chunk: string | Uint8Array, ...more: any[]) => {
    if (!isAccessLine(String(chunk))) return write(chunk, ...more);
    const done = more.at(-1);
    if (typeof done === 'function') done();
    return true;
  };
}
