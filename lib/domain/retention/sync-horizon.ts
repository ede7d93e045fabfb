import { DAY_MS } from '../days.ts';

/** For how many days the id of a purged customer is kept, so that offline copies can still learn that it is gone. */
export const SYNC_HORIZON_DAYS = 400;

const LOOK_BACK_MS = 15 * 60 * 1_000;

/**
 * The time from which a sync reads. An offline client sends the time of its last sync by its own clock, and a write may be
 * committed later than its time says. So this is 15 minutes earlier, and never later than 15 minutes ago.
 */
export const syncStart = (updatedSince: Date, now: Date): Date =>
  new Date(Math.max(0, Math.min(updatedSince.getTime(), now.getTime()) - LOOK_BACK_MS));

/** Whether an offline copy is so old that it may have missed a purge. It must then fetch everything again. */
export const needsResync = (updatedSince: Date | undefined, now: Date): boolean =>
  updatedSince !== undefined && now.getTime() - updatedSince.getTime() > SYNC_HORIZON_DAYS * DAY_MS;
