import { execFile } from 'node:child_process';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const ROOT = resolve(import.meta.dirname, '../../..');
const CLI = join(ROOT, 'node_modules/@redocly/cli/bin/cli.js');

/** It asks nobody whether there is a newer version. */
const QUIET = { REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true', REDOCLY_SUPPRESS_NOTIFICATIONS: 'true' };
const MOST_OUTPUT = 64 * 1024 * 1024;

/**
 * Runs a command of Redocly with the rules of `redocly.yaml`.
 * @returns its report
 */
export const redocly = async (command: string, ...options: readonly string[]): Promise<string> => {
  const env = { ...process.env, ...QUIET };
  const args = [CLI, command, ...options, '--format=json'];
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    ...{ cwd: ROOT, env },
    maxBuffer: MOST_OUTPUT,
  });
  return stdout;
};
