import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const ROOT = resolve(import.meta.dirname, '../..');

describe('npm test with a MONGODB_URI that cannot be used', () => {
  it('says what is wrong, without a stack, and runs no test', () => {
    const words = [
      '--experimental-vm-modules',
      'node_modules/jest/bin/jest.js',
      'test/lib/domain/days.test.ts',
    ];
    const { status, stdout, stderr } = spawnSync(process.execPath, ['--no-warnings', ...words], {
      cwd: ROOT,
      env: { ...process.env, MONGODB_URI: 'mongodb://anna:canary@127.0.0.1:1/shop' },
      encoding: 'utf8',
    });
    expect(stderr).toBe(
      'MONGODB_URI: cannot use the database at 127.0.0.1:1, because the connection was refused. ' +
        'Start MongoDB there, or correct the host and port.\n',
    );
    expect(stdout).toBe('');
    expect(status).toBe(1);
  });
});
