import { sortableTime } from '#lib/domain/sortable-time.ts';

/**
 * Orders the states of a source: by the time at which the sending service stored them, then by the id of the event. The time
 * has 13 digits, so it must be in the years 1970 to 2286.
 */
export const stampOf = ({ time, id }: Readonly<{ time: Date; id: string }>): string =>
  `${sortableTime(time)}${id}`;

/** Whether a state is newer than the one that is known. The same event again is not. */
export const isNewer = (stamp: string, known: string | null): boolean => known === null || stamp > known;
