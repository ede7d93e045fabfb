import { readFile } from 'node:fs/promises';
import { report } from '#test/support/promise.ts';
import { type Figures, figuresOfRun } from './probe.ts';

/** Prints what the probe judged in the whole run. Returns the unscoped commands; null if there were none. */
export const sumUpWireProbe = async (): Promise<string | null> => {
  const text = await readFile(figuresOfRun(), 'utf8').catch(() => '');
  const files = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Figures);
  const judged = files.reduce((sum, file) => sum + file.judged, 0);
  const unscoped = files.flatMap((file) => file.unscoped);
  if (judged > 0)
    report(
      14,
      `${String(judged)} commands of this run were checked on the wire: ${String(unscoped.length)} unscoped`,
    );
  return unscoped.length === 0 ? null : `Unscoped commands:\n${[...new Set(unscoped)].join('\n')}`;
};
