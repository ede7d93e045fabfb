import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { delimiter, join } from 'node:path';
import { findDebianMirror } from './apt-sources.ts';

/** What the installation needs to know about this machine. */
export type Machine = {
  readonly debianArchitecture: 'amd64' | 'arm64';
  /** The folder of this architecture's libraries under usr/lib. */
  readonly libraryFolder: string;
  readonly loader: string;
  readonly keyring: string;
  /** The address that serves Debian to this machine. */
  readonly mirror: string;
};

type Architecture = Omit<Machine, 'keyring' | 'mirror'>;

const architectures: Readonly<Record<string, Architecture>> = {
  x64: {
    debianArchitecture: 'amd64',
    libraryFolder: 'x86_64-linux-gnu',
    loader: 'ld-linux-x86-64.so.2',
  },
  arm64: {
    debianArchitecture: 'arm64',
    libraryFolder: 'aarch64-linux-gnu',
    loader: 'ld-linux-aarch64.so.1',
  },
};

/** The programs that download, unpack, lock and start. Debian and Ubuntu always have them. */
const neededPrograms = ['apt-get', 'apt-config', 'dpkg-deb', 'flock', 'setpriv'];

const keyrings = [
  '/usr/share/keyrings/debian-archive-keyring.gpg',
  '/usr/share/keyrings/debian-archive-keyring.pgp',
];

const firstReadable = async (paths: readonly string[], mode: number): Promise<string | undefined> => {
  for (const path of paths) {
    const isThere = await access(path, mode).then(
      () => true,
      () => false,
    );
    if (isThere) return path;
  }
  return undefined;
};

/** Where a program is on the PATH; undefined when it is not. */
export const findProgram = (name: string): Promise<string | undefined> =>
  firstReadable(
    (process.env['PATH'] ?? '')
      .split(delimiter)
      .filter((folder) => folder !== '')
      .map((folder) => join(folder, name)),
    constants.X_OK,
  );

/** The facts that `examineMachine` decides on. Tests pass others. */
export type Facts = {
  readonly platform: string;
  readonly architecture: string;
  readonly findProgram: (name: string) => Promise<string | undefined>;
  readonly findKeyring: () => Promise<string | undefined>;
  readonly findMirror: () => Promise<string | undefined>;
  /** True if the current user is in /etc/passwd: PostgreSQL looks up its name there. */
  readonly hasUserName: () => boolean;
};

const hasUserName = (): boolean => {
  try {
    return userInfo().username !== '';
  } catch {
    return false;
  }
};

export const thisMachine: Facts = {
  platform: process.platform,
  architecture: process.arch,
  findProgram,
  findKeyring: () => firstReadable(keyrings, constants.R_OK),
  findMirror: () => findDebianMirror(),
  hasUserName,
};

/** This machine as the installation needs it, or the reason why DocumentDB cannot be installed here. */
export const examineMachine = async (facts: Facts = thisMachine): Promise<Machine | { refusal: string }> => {
  const architecture = facts.platform === 'linux' ? architectures[facts.architecture] : undefined;
  if (!architecture)
    return {
      refusal: `DocumentDB is packaged only for Linux on x64 and arm64, and this is ${facts.platform} on ${facts.architecture}`,
    };
  for (const program of neededPrograms)
    if (!(await facts.findProgram(program)))
      return { refusal: `${program}, which Debian and Ubuntu have, is not installed` };
  if (!facts.hasUserName()) return { refusal: 'the current user has no name in /etc/passwd' };
  const keyring = await facts.findKeyring();
  if (!keyring)
    return { refusal: 'the package debian-archive-keyring, which verifies downloads, is not installed' };
  const mirror = await facts.findMirror();
  if (!mirror) return { refusal: 'the apt sources of this machine name no Debian mirror' };
  return { ...architecture, keyring, mirror };
};
