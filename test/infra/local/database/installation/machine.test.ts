import { describe, expect, it } from '@jest/globals';
import { examineMachine } from '#infra/local/database/installation/machine.ts';
import type { Facts } from '#infra/local/database/installation/machine.ts';

const debian: Facts = {
  platform: 'linux',
  architecture: 'x64',
  findProgram: (name) => Promise.resolve(`/usr/bin/${name}`),
  findKeyring: () => Promise.resolve('/keys.gpg'),
  findMirror: () => Promise.resolve('http://mirror.test/debian'),
  hasUserName: () => true,
};

describe('examineMachine', () => {
  it.each([
    ['x64', 'amd64', 'ld-linux-x86-64.so.2'],
    ['arm64', 'arm64', 'ld-linux-aarch64.so.1'],
  ])('takes Debian on %s', async (architecture, debianArchitecture, loader) => {
    const machine = await examineMachine({ ...debian, architecture });
    expect(machine).toMatchObject({
      debianArchitecture,
      loader,
      keyring: '/keys.gpg',
      mirror: 'http://mirror.test/debian',
    });
  });

  it.each([
    ['macOS', { platform: 'darwin', architecture: 'arm64' }, 'this is darwin on arm64'],
    ['Windows', { platform: 'win32' }, 'this is win32 on x64'],
    ['another architecture', { architecture: 's390x' }, 'this is linux on s390x'],
    [
      'a Linux without apt',
      { findProgram: (name: string) => Promise.resolve(name === 'apt-get' ? undefined : name) },
      'apt-get, which Debian and Ubuntu have, is not installed',
    ],
    [
      'a machine that cannot verify',
      { findKeyring: () => Promise.resolve(undefined) },
      'debian-archive-keyring',
    ],
    [
      'a machine that knows no mirror of Debian',
      { findMirror: () => Promise.resolve(undefined) },
      'name no Debian mirror',
    ],
  ])('refuses %s and says why', async (_, facts, reason) => {
    expect(await examineMachine({ ...debian, ...facts })).toEqual({
      refusal: expect.stringContaining(reason),
    });
  });
});
