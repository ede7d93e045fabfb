/**
 * The last moment at which a task may start a batch, and the clock to compare it with. Milliseconds since the epoch.
 */
export type TimeLimit = Readonly<{
  nowMs: () => number;
  lastStartMs: number;
  /** Always starts the first batch, so that every run makes progress. */
  alwaysTakesOne?: boolean;
}>;

/**
 * Takes one batch after another until none is left, until it is too late to start another one, or until `take`
 * returns a reason to stop. A batch that has started is always completed.
 * @param take works on one batch; returns a reason to stop, or undefined to continue
 * @returns `finished`, `out-of-time`, or the reason to stop
 */
export const takeBatches = async <B, Reason extends string = never>(
  batches: AsyncIterable<B>,
  take: (batch: B) => Promise<Reason | undefined>,
  { nowMs, lastStartMs, alwaysTakesOne = false }: TimeLimit,
): Promise<'finished' | 'out-of-time' | Reason> => {
  const walk = batches[Symbol.asyncIterator]();
  for (let isFirst = true; (isFirst && alwaysTakesOne) || nowMs() <= lastStartMs; isFirst = false) {
    const next = await walk.next();
    if (next.done === true) return 'finished';
    const reason = await take(next.value);
    if (reason !== undefined) return reason;
  }
  return 'out-of-time';
};
