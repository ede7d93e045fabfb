import { execFile, spawn } from 'node:child_process';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { exitCodeOf } from '../exit-code.ts';
import { sourceLine } from './apt-sources.ts';
import type { Machine } from './machine.ts';
import type { Progress } from './progress.ts';

const run = promisify(execFile);

/** The mirror could not be reached, or it lacks a file. */
export class Unreachable extends Error {}

const packageName = 'postgresql-18-documentdb';

/**
 * Settings that make apt work in its own folder. Of the system it reads only the proxy and mirror settings, and it
 * writes nothing there. With an empty list of installed packages it downloads everything that is needed.
 */
const aptSettings = (folder: string, machine: Machine, acquireSettings: string): string => `
${acquireSettings}
Dir::Etc::main "/dev/null";
Dir::Etc::parts "/dev/null";
Dir::Etc::sourcelist "${folder}/sources.list";
Dir::Etc::sourceparts "/dev/null";
Dir::State::status "${folder}/status";
Dir::State::lists "${folder}/lists";
Dir::Cache "${folder}";
Dir::Cache::archives "${folder}/archives";
APT::Architecture "${machine.debianArchitecture}";
APT::Architectures "${machine.debianArchitecture}";
APT::Install-Recommends "false";
APT::Sandbox::User "";
Debug::NoLocking "true";
Acquire::Languages "none";
Acquire::Retries "3";
// Mirrors in closed networks can be out of date. Signatures are still verified.
Acquire::Check-Valid-Until "false";
`;

const prepare = async (folder: string, machine: Machine): Promise<string> => {
  for (const part of ['lists/partial', 'archives/partial']) {
    // Packages are verified here before they are unpacked: no other user may change them in between.
    await mkdir(join(folder, part), { recursive: true, mode: 0o700 });
  }
  const { stdout: acquireSettings } = await run('apt-config', ['dump', 'Acquire']);
  const settings = join(folder, 'apt.conf');
  await writeFile(join(folder, 'status'), '');
  await writeFile(join(folder, 'sources.list'), sourceLine(machine.mirror, machine.keyring));
  await writeFile(settings, aptSettings(folder, machine, acquireSettings));
  return settings;
};

const statusFd = 3;

const onLine = (stream: unknown, take: (line: string) => void): void => {
  if (stream instanceof Readable) createInterface(stream).on('line', take);
};

const aptGet = async (settings: string, command: readonly string[], progress?: Progress): Promise<void> => {
  const apt = spawn('apt-get', ['--yes', '-o', `APT::Status-Fd=${statusFd}`, ...command], {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    env: { ...process.env, APT_CONFIG: settings, LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive' },
  });
  const complaints: string[] = [];
  onLine(apt.stderr, (line) => complaints.push(line));
  // Lines such as "dlstatus:17:42.5:Retrieving file ...": the third part is the percentage.
  onLine(apt.stdio[statusFd], (line) => {
    if (line.startsWith('dlstatus:')) progress?.report(Number(line.split(':')[2]) / 100);
  });
  const code = await exitCodeOf(apt);
  if (code === 0) return;
  const reason = complaints.join(' ');
  if (/Failed to fetch|Unable to connect/.test(reason)) throw new Unreachable();
  throw new Error(`apt-get ${command[0]} failed: ${reason}`);
};

/**
 * Downloads the engine and everything it depends on, and verifies Debian's signatures. An interrupted download is
 * continued.
 * @returns the paths of the packages
 * @throws Unreachable, or Error with what apt-get said
 */
export const downloadPackages = async (
  folder: string,
  machine: Machine,
  progress: Progress,
): Promise<string[]> => {
  const settings = await prepare(folder, machine);
  await aptGet(settings, ['update', '--error-on=any']);
  await aptGet(settings, ['install', '--download-only', packageName], progress);
  const archives = join(folder, 'archives');
  return (await readdir(archives))
    .filter((name) => name.endsWith('.deb'))
    .map((name) => join(archives, name));
};
