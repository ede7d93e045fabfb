import { describe, expect, it } from '@jest/globals';
import { paceOf, startProgress } from '#infra/local/database/installation/progress.ts';

describe('startProgress', () => {
  it('tells a log at the start and stays quiet while little time passes', () => {
    const lines: string[] = [];
    const progress = startProgress({ title: 'Downloading' }, (line) => lines.push(line), false);
    for (const share of [0.1, 0.5, 1]) progress.report(share);
    progress.done();
    expect(lines).toEqual(['Downloading ...']);
  });
});

describe('the pace of a step', () => {
  it.each([
    [', 3.5 MB per second, 30 s left', 0.25, 10_000, 140],
    [', 0.1 MB per second, 17 min left', 0.01, 10_000, 140],
    [', 10 s left', 0.5, 10_000, undefined],
    ['', 0.5, 1_999, 140],
    ['', 0, 10_000, 140],
    ['', 1, 10_000, 140],
  ])('is %j', (text, share, elapsedMs, megabytes) => {
    expect(paceOf(share, elapsedMs, megabytes)).toBe(text);
  });
});
