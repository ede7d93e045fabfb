import { hearLine } from './leak-watch.ts';

/** Runs steps and returns the lines that they wrote to standard output and standard error: logs and metrics. */
export const linesWrittenBy = async (steps: () => unknown): Promise<string[]> => {
  const written: string[] = [];
  const restores = [process.stdout, process.stderr].map((stream) => {
    const write = stream.write.bind(stream);
    stream.write = (chunk: string | Uint8Array, ...more: unknown[]) => {
      written.push(String(chunk));
      for (const line of String(chunk).split('\n')) if (line !== '') hearLine(line);
      const done = more.at(-1);
      if (typeof done === 'function') done();
      return true;
    };
    return () => {
      stream.write = write;
    };
  });
  try {
    await steps();
  } finally {
    for (const restore of restores) restore();
  }
  return written
    .join('')
    .split('\n')
    .filter((line) => line !== '');
};

/** The names of the metrics in these lines, in CloudWatch's embedded metric format. */
export const metricsIn = (lines: readonly string[]): string[] =>
  lines
    .filter((line) => line.includes('"_aws"'))
    .flatMap((line) => JSON.parse(line)._aws.CloudWatchMetrics[0].Metrics)
    .map(({ Name }: { Name: string }) => Name);
