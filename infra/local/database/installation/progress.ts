import { SingleBar } from 'cli-progress';

/** Takes one line for a person to read. */
export type Log = (line: string) => void;

/** The progress of one long step. `share` goes from 0 to 1. */
export type Progress = {
  report(share: number): void;
  done(): void;
};

const quietMs = 5_000;

const inLog = (title: string, log: Log): Progress => {
  let toldAt = Date.now();
  log(`${title} ...`);
  return {
    report: (share) => {
      if (Date.now() - toldAt < quietMs) return;
      toldAt = Date.now();
      log(`${title}: ${Math.floor(share * 100)} %`);
    },
    done: () => undefined,
  };
};

const onTerminal = (title: string): Progress => {
  const bar = new SingleBar({
    format: `${title} {bar} {percentage} %`,
    hideCursor: true,
    clearOnComplete: true,
  });
  bar.start(100, 0);
  return {
    report: (share) => bar.update(Math.floor(share * 100)),
    done: () => bar.stop(),
  };
};

/** Shows a moving bar on a terminal; elsewhere a line at the start and one every five seconds. */
export const startProgress = (title: string, log: Log, isTerminal = process.stderr.isTTY): Progress =>
  isTerminal ? onTerminal(title) : inLog(title, log);
