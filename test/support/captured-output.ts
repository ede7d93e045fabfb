/** Runs steps and gives the lines that they wrote meanwhile, to standard output and error: logs and metrics. */
export const linesWrittenBy = async (steps: () => unknown): Promise<string[]> => {
  const streams = [process.stdout, process.stderr];
  const originals = streams.map((stream) => stream.write.bind(stream));
  const written: string[] = [];
  for (const stream of streams) {
    stream.write = (chunk: string | Uint8Array) => {
      written.push(String(chunk));
      return true;
    };
  }
  try {
    await steps();
  } finally {
    for (const [index, stream] of streams.entries()) stream.write = originals[index] ?? stream.write;
  }
  return written
    .join('')
    .split('\n')
    .filter((line) => line !== '');
};

/** The names of the metrics among such lines, in CloudWatch's embedded metric format. */
export const metricsIn = (lines: readonly string[]): string[] =>
  lines
    .filter((line) => line.includes('"_aws"'))
    .flatMap((line) => JSON.parse(line)._aws.CloudWatchMetrics[0].Metrics)
    .map(({ Name }: { Name: string }) => Name);
