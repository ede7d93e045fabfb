import { Pace } from './pace.ts';
import { showProgress, thousands } from './terminal.ts';

/** How far a piece of work is. Without a total, no percentage and no time left are shown. */
export type Progress = Readonly<{ done: number; total?: number; unit: string; more?: string }>;

/**
 * Starts the line that shows how a piece of work goes on, as `37% (1,200 of 3,200 lines), 490 per second, 5 s left`.
 * @param nowMs a clock in milliseconds
 * @returns a function that shows the progress reached
 */
export const startProgress = (nowMs = () => performance.now()): ((progress: Progress) => void) => {
  const pace = new Pace(nowMs());
  return (progress) => {
    pace.reach(progress.done, nowMs());
    showProgress(textOf(progress, pace.perSecond));
  };
};

const textOf = ({ done, total, unit, more }: Progress, perSecond: number | null): string =>
  [
    total === undefined ? `${thousands(done)} ${unit}` : shareOf(done, total, unit),
    more,
    perSecond === null ? undefined : `${rateOf(perSecond)} per second`,
    perSecond === null || total === undefined || done >= total
      ? undefined
      : `${durationOf((total - done) / perSecond)} left`,
  ]
    .filter((part) => part !== undefined)
    .join(', ');

/** Rounded down, so that 100% is shown only when all is done. The total may have grown since it was counted. */
const shareOf = (done: number, total: number, unit: string): string => {
  const percent = total === 0 ? 100 : Math.min(100, Math.floor((done / total) * 100));
  return `${String(percent)}% (${thousands(done)} of ${thousands(total)} ${unit})`;
};

/** With one decimal below ten. */
const rateOf = (perSecond: number): string =>
  perSecond < 10 ? perSecond.toFixed(1) : thousands(Math.round(perSecond));

/** A time in its one or two largest units, rounded up. */
const durationOf = (seconds: number): string => {
  if (Math.ceil(seconds) < 60) return `${String(Math.ceil(seconds))} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 60
    ? `${String(minutes)} min`
    : `${String(Math.floor(minutes / 60))} h ${String(minutes % 60)} min`;
};
