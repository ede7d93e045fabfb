/** Runs steps and gives the lines that they wrote to standard output meanwhile: logs and metrics. */
export const linesWrittenBy = async (steps: () => Promise<unknown>): Promise<string[]> => {
  const original = process.stdout.write.bind(process.stdout);
  const written: string[] = [];
  process.stdout.write = (chunk: string | Uint8Array) => {
    written.push(String(chunk));
    return true;
  };
  try {
    await steps();
  } finally {
    process.stdout.write = original;
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
