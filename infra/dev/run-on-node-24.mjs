// node infra/dev/run-on-node-24.mjs [--no-stdout] [NAME=value ...] [Node options] program [arguments ...]
//
// Runs a program on the Node 24 that npm ci installs with the project or, where there is none for this machine, on the
// Node that runs this file if it is new enough. Plain JavaScript without packages: it must start on Node 18.

import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname } from 'node:path';
import { isatty } from 'node:tty';

/** Error.isError came with Node 24, which Lambda runs; before 24.3, running TypeScript prints a warning each time. */
const OLDEST = { major: 24, minor: 3 };

const require = createRequire(import.meta.url);
const nodePackage = `node-${process.platform}-${process.arch}`;

/** The path of the installed package's own binary: npm 9 and 10 do not link it into node_modules/.bin. */
const bundledNode = () => {
  try {
    return require.resolve(`${nodePackage}/bin/node`);
  } catch {
    return undefined;
  }
};

/** False too where the binary is there but does not start, as on Alpine Linux, which has another C library. */
const isNewEnough = (node) => {
  const { stdout } = spawnSync(node, ['--version'], { encoding: 'utf8' });
  const [, major, minor] = (/^v(\d+)\.(\d+)\./.exec(stdout ?? '') ?? []).map(Number);
  return major > OLDEST.major || (major === OLDEST.major && minor >= OLDEST.minor);
};

const isBundledHere = () => {
  const manifest = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return nodePackage in (JSON.parse(manifest).optionalDependencies ?? {});
};

const whatToInstall = () => {
  const needed = `This project needs Node ${OLDEST.major}.${OLDEST.minor} or newer, and this is ${process.version}`;
  return isBundledHere() && bundledNode() === undefined
    ? `${needed}: run npm ci, which installs Node ${OLDEST.major} for it.`
    : `${needed}: install Node ${OLDEST.major} from https://nodejs.org and run the command again.`;
};

const findNode = () => {
  const node = [bundledNode(), process.execPath].find((each) => each !== undefined && isNewEnough(each));
  if (node !== undefined) return node;
  process.stderr.write(`${whatToInstall()}\n`);
  process.exit(1);
};

/** Takes the words off the front that are for this file; the rest is Node's command line. */
const takeSettings = (words) => {
  const settings = { env: {}, stdout: 'inherit' };
  for (;;) {
    const [, name, value] = /^([A-Z_]+)=(.*)$/.exec(words[0] ?? '') ?? [];
    if (name !== undefined) settings.env[name] = value;
    else if (words[0] === '--no-stdout') settings.stdout = 'ignore';
    else return settings;
    words.shift();
  }
};

/** A terminal sends these to the program too, so passing them on would deliver one Ctrl-C twice. */
const FROM_TERMINAL = ['SIGINT', 'SIGHUP'];

/**
 * Must be called before the program is started: a signal that comes between its first line and this would end the
 * launcher. Node delivers signals between turns of its loop, and by then `child` has its value.
 */
const passSignalsOn = () => {
  const hasTerminal = [0, 1, 2].some((descriptor) => isatty(descriptor));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.on(signal, () => {
      if (!hasTerminal || !FROM_TERMINAL.includes(signal)) child.kill(signal);
    });
};

const PARENT_CHECK_MS = 500;

/**
 * npm passes SIGTERM on to the shell that it started this file in, and that shell may die without passing it on. Then
 * only the new parent of this process shows that the program is to end.
 */
const endWithParent = (child) => {
  const parent = process.ppid;
  const check = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(check);
    child.kill('SIGTERM');
  }, PARENT_CHECK_MS);
};

/** Ends as the program ended: with its exit status, or by the signal that ended it. */
const endLike = (code, signal) => {
  if (signal === null) process.exit(code);
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
};

const words = process.argv.slice(2);
const { env, stdout } = takeSettings(words);
const node = findNode();
Object.assign(process.env, env);
// For what the program starts as `node`.
process.env.PATH = [dirname(node), process.env.PATH ?? ''].join(delimiter);

passSignalsOn();
const watch = new URL(`end-with-parent.mjs?parent=${process.pid}`, import.meta.url);
const child = spawn(node, ['--import', watch.href, ...words], {
  stdio: ['inherit', stdout, 'inherit', 'ipc'],
});
endWithParent(child);
child.on('exit', endLike);
