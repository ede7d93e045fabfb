import { describe, expect, it } from '@jest/globals';
import { needsResync, SYNC_HORIZON_DAYS, syncStart } from '#lib/domain/retention/sync-horizon.ts';

const NOW = new Date('2026-11-28T10:00:00.000Z');
const daysAgo = (days: number, ms = 0) => new Date(NOW.getTime() - days * 24 * 60 * 60 * 1_000 - ms);

describe('the horizon of a sync', () => {
  it('is 400 days, as long as the ids of purged customers are kept', () => {
    expect(SYNC_HORIZON_DAYS).toBe(400);
  });

  it('asks for a resync when the copy is older than that, and not when it is exactly that old', () => {
    expect(needsResync(daysAgo(400, 1), NOW)).toBe(true);
    expect(needsResync(daysAgo(400), NOW)).toBe(false);
    expect(needsResync(daysAgo(1), NOW)).toBe(false);
  });

  it('asks for none where nothing is synced', () => {
    expect(needsResync(undefined, NOW)).toBe(false);
  });
});

describe('the start of a sync', () => {
  const LOOK_BACK_MS = 900_000;
  const from = (ms: number): number => syncStart(new Date(NOW.getTime() + ms), NOW).getTime() - NOW.getTime();

  it('is 15 minutes before the time that was sent, and never later than 15 minutes ago', () => {
    expect([-86_400_000, -1, 0, 1, 86_400_000].map(from)).toEqual([
      ...[-86_400_000 - LOOK_BACK_MS, -1 - LOOK_BACK_MS],
      ...[-LOOK_BACK_MS, -LOOK_BACK_MS, -LOOK_BACK_MS],
    ]);
  });

  it('is never before 1970', () => {
    for (const ms of [-62_167_219_200_000, 0, LOOK_BACK_MS])
      expect(syncStart(new Date(ms), NOW)).toEqual(new Date(0));
    expect(syncStart(new Date(LOOK_BACK_MS + 1), NOW)).toEqual(new Date(1));
  });
});
