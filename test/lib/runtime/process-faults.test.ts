import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const PROGRAM = join(import.meta.dirname, 'fixtures', 'faulty-process.ts');

/** What a process with this fault printed, and how it ended. */
const meeting = (fault: string) => {
  const env = { ...process.env, POWERTOOLS_LOG_LEVEL: 'INFO' };
  const { status, stdout, stderr } = spawnSync(process.execPath, [PROGRAM, fault], { env, encoding: 'utf8' });
  return { status, output: stdout + stderr };
};

describe('a process that meets a fault nobody catches', () => {
  it.each([
    ['a rejection', { error: 'Error', code: '11000', cause: 'TypeError' }],
    ['a rejected customer', { error: 'object' }],
    ['an exception', { error: 'Error', code: '11000', cause: 'TypeError' }],
  ])('ends after %s, having told where and nothing of what', (fault, told) => {
    const { status, output } = meeting(fault);
    expect(status).toBe(1);
    expect(JSON.parse(output)).toMatchObject({ level: 'ERROR', message: 'process-failed', ...told });
    expect(output).not.toContain('canary');
  });

  it('goes on after a warning, having told its name and code', () => {
    const { status, output } = meeting('a warning');
    expect(status).toBe(0);
    expect(JSON.parse(output)).toMatchObject({ level: 'WARN', message: 'process-warned', code: 'DEP0001' });
    expect(output).not.toContain('canary');
  });
});
