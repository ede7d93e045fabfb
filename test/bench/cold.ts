import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { median } from './figures.ts';

const RUNNER = join(import.meta.dirname, 'first-answer.mjs');

/** A process that loads a bundle and answers one event. */
export type ColdSubject = Readonly<{
  name: string;
  bundle: string;
  export: string;
  event: unknown;
  /** The database it goes to. */
  uri: string;
  environment?: NodeJS.ProcessEnv;
}>;

/** Milliseconds from spawning the process to its first answer. */
const sample = (subject: ColdSubject): Promise<number> =>
  new Promise((resolve, reject) => {
    const startedAt = performance.now();
    const process_ = spawn(
      process.execPath,
      [RUNNER, subject.bundle, subject.export, JSON.stringify(subject.event)],
      {
        env: { ...process.env, MONGODB_URI: subject.uri, ...subject.environment },
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    process_.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (/^answered 20[01]$/m.test(text)) resolve(performance.now() - startedAt);
    });
    process_.on('exit', (code) => {
      reject(new Error(`${subject.name} did not answer 200 or 201 (exit status ${String(code)}).`));
    });
  });

/** Medians of interleaved samples, by name: one of each subject a round, so that a noisy minute hits all alike. */
export const coldMedians = async (
  subjects: readonly ColdSubject[],
  rounds: number,
): Promise<ReadonlyMap<string, number>> => {
  const samples = new Map(subjects.map(({ name }) => [name, [] as number[]]));
  for (let round = 0; round <= rounds; round += 1) {
    for (const subject of subjects) {
      const took = await sample(subject);
      if (round > 0) samples.get(subject.name)?.push(took);
    }
  }
  return new Map([...samples].map(([name, taken]) => [name, median(taken)]));
};
