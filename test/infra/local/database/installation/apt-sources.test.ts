import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  debianMirrorIn,
  findDebianMirror,
  sourceLine,
} from '#infra/local/database/installation/apt-sources.ts';

describe('debianMirrorIn', () => {
  it.each([
    ['a plain line', 'deb http://mirror.test/debian bookworm main', 'http://mirror.test/debian'],
    ['options', 'deb [arch=amd64 signed-by=/k.gpg] https://m.test/d trixie main contrib', 'https://m.test/d'],
    ['a line that is off', '# deb http://mirror.test/debian bookworm main', undefined],
    ['source packages', 'deb-src http://mirror.test/debian bookworm main', undefined],
    ['somebody else’s packages', 'deb https://packages.test/node_24.x nodistro main', undefined],
    ['security updates only', 'deb http://security.test/debian-security bookworm-security main', undefined],
    ['Ubuntu', 'deb http://archive.ubuntu.com/ubuntu noble main universe', undefined],
    [
      'the second line',
      'deb http://a.test/x stable-x main\ndeb http://b.test/debian sid main',
      'http://b.test/debian',
    ],
  ])('reads %s in a .list file', (_, text, mirror) => {
    expect(debianMirrorIn('sources.list', text)).toBe(mirror);
  });

  const stanza = (fields: Record<string, string>): string =>
    Object.entries({ Types: 'deb', URIs: 'http://mirror.test/debian', Suites: 'bookworm', ...fields })
      .map(([name, value]) => `${name}: ${value}`)
      .join('\n');

  it.each([
    ['one stanza', stanza({}), 'http://mirror.test/debian'],
    ['several suites', stanza({ Suites: 'trixie trixie-updates' }), 'http://mirror.test/debian'],
    ['several types', stanza({ Types: 'deb deb-src' }), 'http://mirror.test/debian'],
    [
      'values over several lines',
      stanza({ Suites: '\n bookworm\n bookworm-updates' }),
      'http://mirror.test/debian',
    ],
    ['a comment within', stanza({ Suites: 'bookworm\n# a comment' }), 'http://mirror.test/debian'],
    ['a mirror list', stanza({ URIs: 'mirror+file:///etc/apt/mirrors' }), 'mirror+file:///etc/apt/mirrors'],
    ['a stanza that is off', stanza({ Enabled: 'no' }), undefined],
    ['source packages', stanza({ Types: 'deb-src' }), undefined],
    [
      'the second stanza',
      `${stanza({ Suites: 'noble' })}\n\n${stanza({ URIs: 'http://b.test/d' })}`,
      'http://b.test/d',
    ],
  ])('reads %s in a .sources file', (_, text, mirror) => {
    expect(debianMirrorIn('debian.sources', text)).toBe(mirror);
  });
});

describe('findDebianMirror', () => {
  let folder = '';

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'apt-sources-'));
    await mkdir(join(folder, 'sources.list.d'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('takes the machine’s own mirror, wherever it is configured', async () => {
    await writeFile(join(folder, 'sources.list.d', 'a.list'), 'deb https://elsewhere.test/x nodistro main');
    await writeFile(
      join(folder, 'sources.list.d', 'debian.sources'),
      'Types: deb\nURIs: http://mirror.test/debian\nSuites: bookworm\n',
    );
    expect(await findDebianMirror(folder)).toBe('http://mirror.test/debian');
  });

  it('finds none where there is none, as on Ubuntu', async () => {
    expect(await findDebianMirror(folder)).toBeUndefined();
    expect(await findDebianMirror(join(folder, 'missing'))).toBeUndefined();
  });
});

describe('sourceLine', () => {
  it('names mirror, release and the keyring that verifies it', () => {
    expect(sourceLine('http://mirror.test/debian', '/keys.gpg')).toBe(
      'deb [signed-by=/keys.gpg] http://mirror.test/debian forky main\n',
    );
  });
});
