const DIGITS = 13;

/** The first and the last moment that sort keys can say: 1970, and the last millisecond with 13 digits, in the year 2286. */
export const FIRST_SORTABLE = new Date(0);
export const LAST_SORTABLE = new Date(9_999_999_999_999);

/** A time as the beginning of a sort key: its milliseconds in 13 digits, so that the texts sort as the times do. */
export const sortableTime = (at: Date): string => String(at.getTime()).padStart(DIGITS, '0');

/** The time at the beginning of a sort key, and what follows it. */
export const readSortable = (key: string): Readonly<{ at: Date; rest: string }> => ({
  at: new Date(Number(key.slice(0, DIGITS))),
  rest: key.slice(DIGITS),
});

/** Whether sort keys can say this moment. */
export const isSortable = (moment: Date): boolean => moment >= FIRST_SORTABLE && moment <= LAST_SORTABLE;
