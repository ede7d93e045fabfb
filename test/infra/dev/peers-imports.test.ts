import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const PEERS = resolve(import.meta.dirname, '../../bench/peers');
const IMPORT = /^import (?:type )?\{([^}]*)\} from '([^']*\/(?:lib|functions)\/[^']*)';/gm;

/** Each name that a server of the bench imports from lib, with the file it is expected in. */
const imported = globSync('**/*.{js,ts}', { cwd: PEERS, exclude: (name) => name === 'node_modules' }).flatMap(
  (file) =>
    [...readFileSync(join(PEERS, file), 'utf8').matchAll(IMPORT)].flatMap(([, names = '', from = '']) =>
      names
        .split(',')
        .map((name) => name.trim().replace(/ as .*/, ''))
        .filter((name) => name !== '')
        .map((name) => ({ file, name, target: resolve(PEERS, dirname(file), from) })),
    ),
);

// They are outside of the project's type check, because their packages are not installed with it.
describe('the servers that the bench compares with', () => {
  it('import only what lib exports', () => {
    expect(imported.length).toBeGreaterThan(30);
    const missing = imported.filter(
      ({ name, target }) =>
        !existsSync(target) ||
        !new RegExp(`export (?:const|class|function|async function\\*?) ${name}\\b`).test(
          readFileSync(target, 'utf8'),
        ),
    );
    expect(missing.map(({ file, name }) => `${file}: ${name}`)).toEqual([]);
  });
});
