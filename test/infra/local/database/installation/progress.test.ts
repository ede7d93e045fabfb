import { describe, expect, it } from '@jest/globals';
import { startProgress } from '#infra/local/database/installation/progress.ts';

describe('startProgress', () => {
  it('tells a log at the start and stays quiet while little time passes', () => {
    const lines: string[] = [];
    const progress = startProgress('Downloading', (line) => lines.push(line), false);
    for (const share of [0.1, 0.5, 1]) progress.report(share);
    progress.done();
    expect(lines).toEqual(['Downloading ...']);
  });
});
