import { SingleBar } from 'cli-progress';

/** Takes one line for a person to read. */
export type Log = (line: string) => void;

/** The progress of one long step. `share` goes from 0 to 1. */
export type Progress = {
  report(share: number): void;
  done(): void;
};

/** A step: its title, and how much it fetches, if that can be said. */
export type Step = Readonly<{ title: string; megabytes?: number }>;

const quietMs = 5_000;
/** A pace that was measured for a shorter time jumps too much to be shown. */
const shortestMs = 2_000;

/** How fast a step goes and how long it still takes, as `, 3.2 MB per second, 26 s left`; nothing in the first two seconds. */
export const paceOf = (share: number, elapsedMs: number, megabytes?: number): string => {
  if (elapsedMs < shortestMs || share <= 0 || share >= 1) return '';
  const leftSeconds = Math.ceil(((1 - share) / share) * (elapsedMs / 1_000));
  const left = leftSeconds < 60 ? `${leftSeconds} s` : `${Math.ceil(leftSeconds / 60)} min`;
  const rate = megabytes === undefined ? 0 : (megabytes * share) / (elapsedMs / 1_000);
  return `${rate === 0 ? '' : `, ${rate.toFixed(1)} MB per second`}, ${left} left`;
};

const inLog = ({ title, megabytes }: Step, log: Log): Progress => {
  const startedAt = Date.now();
  let toldAt = startedAt;
  log(`${title} ...`);
  return {
    report: (share) => {
      const now = Date.now();
      if (now - toldAt < quietMs) return;
      toldAt = now;
      log(`${title}: ${Math.floor(share * 100)} %${paceOf(share, now - startedAt, megabytes)}`);
    },
    done: () => undefined,
  };
};

const onTerminal = ({ title, megabytes }: Step): Progress => {
  const startedAt = Date.now();
  const bar = new SingleBar({
    format: `${title} {bar} {percentage} %{pace}`,
    hideCursor: true,
    clearOnComplete: true,
  });
  bar.start(100, 0, { pace: '' });
  const stop = (): void => bar.stop();
  process.once('exit', stop);
  return {
    report: (share) =>
      bar.update(Math.floor(share * 100), { pace: paceOf(share, Date.now() - startedAt, megabytes) }),
    done: () => {
      process.off('exit', stop);
      stop();
    },
  };
};

/** Shows a moving bar on a terminal; elsewhere a line at the start and one every five seconds. */
export const startProgress = (step: Step, log: Log, isTerminal = process.stderr.isTTY): Progress =>
  isTerminal ? onTerminal(step) : inLog(step, log);
