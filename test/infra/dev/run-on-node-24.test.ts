import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';

const SOURCES = resolve(import.meta.dirname, '../../../infra/dev');
const NODE_PACKAGE = `node-${process.platform}-${process.arch}`;
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'run-on-node-')));
afterAll(() => rmSync(folder, { recursive: true }));

let root = '';
let tree = 0;

/** A project of its own below `root`, which npm ci has not been run in. */
beforeEach(() => {
  tree += 1;
  root = join(folder, String(tree), 'workspaces', 'service');
  for (const name of ['run-on-node-24.mjs', 'end-with-parent.mjs'])
    cpSync(join(SOURCES, name), join(root, 'infra/dev', name));
  writeFileSync(
    join(root, 'package.json'),
    JSON.stringify({ optionalDependencies: { [NODE_PACKAGE]: '1' } }),
  );
});

const writeScript = (path: string, lines: string): string => {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `#!/bin/sh\n${lines}\n`);
  chmodSync(path, 0o755);
  return path;
};

/** A program that says it is Node of that version, and otherwise works as the Node of these tests. */
const aNode = (path: string, version: string): string =>
  writeScript(
    path,
    `[ "$1" = --version ] && echo ${version} && exit\nRAN_ON=${version} exec '${process.execPath}' "$@"`,
  );

const bundle = (project: string, version = 'v24.21.0'): string =>
  aNode(join(project, 'node_modules', NODE_PACKAGE, 'bin/node'), version);

const LAUNCHER = 'infra/dev/run-on-node-24.mjs';

/** Runs the launcher as if `version` ran it. */
const runOn = (version: string, ...words: string[]) => {
  const execPath = aNode(join(root, 'running/node'), version);
  const pretend = `Object.defineProperties(process, {
    version: { value: '${version}' }, execPath: { value: ${JSON.stringify(execPath)} } });`;
  return spawnSync(process.execPath, ['--import', `data:text/javascript,${pretend}`, LAUNCHER, ...words], {
    cwd: root,
    encoding: 'utf8',
  });
};

const PRINT = ['-p', '`${process.env.RAN_ON} ${process.env.PATH.split(":")[0]}`'];

// The stand-ins for Node are shell scripts.
const describeOnUnix = process.platform === 'win32' ? describe.skip : describe;

describeOnUnix('which Node a script runs on', () => {
  it('is the one in node_modules, whatever npm linked, and its child processes find the same one', () => {
    const node = bundle(root);
    expect(runOn('v18.0.0', ...PRINT).stdout).toBe(`v24.21.0 ${dirname(node)}\n`);
  });

  it('is the same one when npm installed it in a folder above', () => {
    const node = bundle(dirname(dirname(root)));
    expect(runOn('v20.20.2', ...PRINT).stdout).toBe(`v24.21.0 ${dirname(node)}\n`);
  });

  it('is the running one where there is none in node_modules, if that is new enough', () => {
    expect(runOn('v24.3.0', ...PRINT).stdout).toBe(`v24.3.0 ${join(root, 'running')}\n`);
    expect(runOn('v26.1.0', ...PRINT).stdout).toMatch(/^v26/);
  });

  it('is the running one where the one in node_modules does not start', () => {
    writeScript(bundle(root), 'exit 127');
    expect(runOn('v24.3.0', ...PRINT).stdout).toMatch(/^v24\.3\.0/);
  });

  it.each(['v18.20.8', 'v20.20.2', 'v22.23.5', 'v24.2.0'])(
    'is none on %s before npm ci, which the message asks for',
    (version) => {
      const { status, stderr } = runOn(version, ...PRINT);
      expect(stderr).toBe(
        `This project needs Node 24.3 or newer, and this is ${version}: run npm ci, which installs Node 24 for it.\n`,
      );
      expect(status).toBe(1);
    },
  );

  it('is none where the project brings no Node for this machine, and the message says what to install', () => {
    writeFileSync(join(root, 'package.json'), '{}');
    const { status, stderr } = runOn('v20.20.2', ...PRINT);
    expect(stderr).toBe(
      'This project needs Node 24.3 or newer, and this is v20.20.2: ' +
        'install Node 24 from https://nodejs.org and run the command again.\n',
    );
    expect(status).toBe(1);
  });
});

describeOnUnix('what a script gets and gives back', () => {
  beforeEach(() => void bundle(root));

  it('gets its arguments, with options of Node before it', () => {
    writeFileSync(
      join(root, 'program.mjs'),
      'console.log(JSON.stringify([process.argv.slice(2), process.execArgv]));',
    );
    const { stdout } = runOn('v20.0.0', '--no-warnings', 'program.mjs', 'a b', '--c=d', 'E=f');
    expect(JSON.parse(stdout)).toEqual([['a b', '--c=d', 'E=f'], expect.arrayContaining(['--no-warnings'])]);
  });

  it('gets the variables that stand before it', () => {
    expect(runOn('v20.0.0', 'ONE=1', 'TWO=a=b', '-p', 'process.env.ONE + process.env.TWO').stdout).toBe(
      '1a=b\n',
    );
  });

  it('writes nothing to standard output with --no-stdout', () => {
    const { stdout, stderr } = runOn(
      'v20.0.0',
      '--no-stdout',
      '-e',
      'console.log("out"); console.error("err")',
    );
    expect([stdout, stderr]).toEqual(['', 'err\n']);
  });

  it('reads the standard input of the caller', () => {
    const { stdout } = spawnSync(process.execPath, [LAUNCHER, '-e', 'process.stdin.pipe(process.stdout)'], {
      cwd: root,
      input: 'typed',
      encoding: 'utf8',
    });
    expect(stdout).toBe('typed');
  });

  it.each([0, 1, 7])('gives its exit status %i back', (status) => {
    expect(runOn('v20.0.0', '-e', `process.exit(${status})`).status).toBe(status);
  });

  it('gives back the signal that ended it', () => {
    expect(runOn('v20.0.0', '-e', 'process.kill(process.pid, "SIGKILL")')).toMatchObject({
      status: null,
      signal: 'SIGKILL',
    });
  });
});
