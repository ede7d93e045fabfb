import { Refusal } from './errors.ts';

/** A day in UTC, counted from 1970-01-01. */
export type Day = number;

/** A range of days, including both ends. */
export type DayRange = Readonly<{ from: Day; to: Day }>;

export const DAY_MS = 24 * 60 * 60 * 1_000;
const USUAL_DAYS = 30;
const MOST_DAYS = 366;

/** The day of a moment. */
export const dayOf = (at: Date): Day => Math.floor(at.getTime() / DAY_MS);

/** The moment at which a day begins, in UTC. */
export const startOf = (day: Day): Date => new Date(day * DAY_MS);

/** A day as `2026-01-31`. */
export const dayText = (day: Day): string => startOf(day).toISOString().slice(0, 10);

/** Each day of a range, in order. */
export const daysOf = ({ from, to }: DayRange): Day[] =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);

const refused = (error: string, message: string): Refusal =>
  new Refusal('invalid-request', message, {
    violations: [{ in: 'query', pointer: '#/from', error, message }],
  });

/**
 * The range of days that a caller asks for. Without `to` it ends today, without `from` it has 30 days.
 * @throws Refusal `invalid-request` when `from` is after `to`, or the range has more than 366 days
 */
export const dayRange = (
  { from, to }: Readonly<{ from?: Date | undefined; to?: Date | undefined }>,
  now: Date,
): DayRange => {
  const last = dayOf(to ?? now);
  const first = from === undefined ? last - USUAL_DAYS + 1 : dayOf(from);
  if (first > last) {
    throw refused('range-order', '`from` must not be after `to`. Without `to`, the last day is today.');
  }
  if (last - first >= MOST_DAYS) {
    throw refused('range-length', `This range has more than ${String(MOST_DAYS)} days. Ask for fewer days.`);
  }
  return { from: first, to: last };
};
