import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { fc } from '#test/support/fast-check.ts';
import { runCommandLine } from '#infra/ops/command-line.ts';
import { type Command, EXIT } from '#infra/ops/command.ts';
import { countWithProgress, partOf, showCountOf } from '#infra/ops/count-with-progress.ts';
import { Pace } from '#infra/ops/pace.ts';
import { type Progress, startProgress } from '#infra/ops/progress-line.ts';
import { print, printToStderr } from '#infra/ops/terminal.ts';
import { linesWrittenBy } from '#test/support/captured-output.ts';

const CLEAR_LINE = '\r\u001b[2K';
const { isTTY, columns } = process.stderr;
const onTerminal = (isTerminal: boolean, width = 80): void => {
  Object.assign(process.stderr, { isTTY: isTerminal, columns: width });
};
beforeEach(() => onTerminal(true));
afterEach(async () => {
  await linesWrittenBy(() => {
    print('clears what is shown');
  });
  Object.assign(process.stderr, { isTTY, columns });
});

/** Everything that is written, and what a person sees of it at last. */
const writtenBy = async (steps: () => unknown): Promise<string> => (await linesWrittenBy(steps)).join('\n');
const shownBy = async (steps: () => unknown): Promise<string> =>
  (
    await writtenBy(async () => {
      await steps();
      process.stderr.write('\n');
    })
  )
    .split(CLEAR_LINE)
    .at(-1)!;

/** What is shown after these steps, each a time in seconds and the progress then. */
const shownAfter = (...steps: readonly (readonly [seconds: number, progress: Progress])[]): Promise<string> =>
  shownBy(() => {
    let nowMs = 5_000;
    const show = startProgress(() => nowMs);
    for (const [seconds, progress] of steps) {
      nowMs = 5_000 + seconds * 1_000;
      show(progress);
    }
  });
const lines = (done: number, total = 3_600): Progress => partOf(done, total, 'lines');

describe('the line of progress', () => {
  it.each<[string, readonly [number, Progress][]]>([
    ['27% (1,000 of 3,600 lines), 500 per second, 6 s left', [[2, lines(1_000)]]],
    ['99% (3,599 of 3,600 lines), 360 per second, 1 s left', [[10, lines(3_599)]]],
    ['0% (30 of 3,600 lines), 3.0 per second, 20 min left', [[10, lines(30)]]],
    ['0% (10 of 3,600 lines), 1.0 per second, 1 h 0 min left', [[10, lines(10)]]],
    ['0% (1 of 3,600 lines), 0.1 per second, 10 h 0 min left', [[10, lines(1)]]],
    ['50% (60 of 120 lines), 1.0 per second, 1 min left', [[60, lines(60, 120)]]],
    ['50% (59 of 118 lines), 1.0 per second, 59 s left', [[59, lines(59, 118)]]],
    ['100% (3,600 of 3,600 lines), 360 per second', [[10, lines(3_600)]]],
    ['100% (12 of 10 customers), 1.2 per second', [[10, partOf(12, 10, 'customers')]]],
    ['27% (1,000 of 3,600 lines)', [[1.9, lines(1_000)]]],
    ['0% (0 of 3,600 lines)', [[10, lines(0)]]],
    ['100% (0 of 0 lines)', [[10, lines(0, 0)]]],
    ['500 customers purged, 50 per second', [[10, { done: 500, unit: 'customers purged' }]]],
    [
      '10% (10 of 100 customers), 3 pairs, 1.0 per second, 2 min left',
      [[10, { ...partOf(10, 100, 'customers'), more: '3 pairs' }]],
    ],
  ])('is %s', async (text, steps) => {
    expect(await shownAfter(...steps)).toBe(text);
  });

  it('is not wider than the terminal, so that it can be cleared', async () => {
    onTerminal(true, 10);
    expect(await shownAfter([2, lines(1_000)])).toBe('27% (1,00');
    onTerminal(true, 0);
    expect(await shownAfter([2, lines(1_000)])).toContain('6 s left');
  });

  it('is not written to a file or a pipe', async () => {
    onTerminal(false);
    const written = await writtenBy(() => {
      const show = startProgress();
      show(lines(1_000));
      print('done');
    });
    expect(written).toBe('done');
  });

  it.each([
    ['a result', print],
    ['a problem', printToStderr],
  ])('is cleared before %s is printed, once', async (_what, printed) => {
    const written = await writtenBy(() => {
      startProgress()(lines(1_000));
      printed('one');
      printed('two');
    });
    expect(written).toBe(`${CLEAR_LINE}27% (1,000 of 3,600 lines)${CLEAR_LINE}one\ntwo`);
  });

  it('is cleared before the error of a command that fails', async () => {
    const failing: Command = {
      name: 'fail',
      summary: '',
      usage: '',
      help: [],
      needsDatabase: false,
      run: () => {
        startProgress()(lines(1_000));
        return Promise.reject(new RangeError('secret'));
      },
    };
    const written = await writtenBy(async () => {
      expect(await runCommandLine(['fail'], [failing])).toBe(EXIT.problem);
    });
    expect(written).toContain(`lines)${CLEAR_LINE}The command failed: RangeError`);
  });
});

describe('an error that nothing catches', () => {
  it('is printed by Node after the line was cleared', () => {
    const program = `
      import { showProgress } from '#infra/ops/terminal.ts';
      process.stderr.isTTY = true;
      showProgress('27%');
      throw new Error('broken');`;
    const { stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
      cwd: join(import.meta.dirname, '../../..'),
      encoding: 'utf8',
    });
    expect(stderr.startsWith(`${CLEAR_LINE}27%${CLEAR_LINE}`)).toBe(true);
    expect(stderr).toContain('broken');
  });
});

describe('what else writes to the terminal', () => {
  const stderrOf = (program: string) =>
    spawnSync(
      process.execPath,
      [
        '--input-type=module',
        '-e',
        `import { onInterrupt, showProgress } from '#infra/ops/terminal.ts';
        process.stderr.isTTY = true;
        ${program}`,
      ],
      { cwd: join(import.meta.dirname, '../../..'), encoding: 'utf8' },
    );

  it('is a warning of Node on a line of its own', () => {
    const { stderr } = stderrOf(`showProgress('27%'); process.emitWarning('old');`);
    expect(stderr).toMatch(/27%\r\u001b\[2K\(node:\d+\) Warning: old/);
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'])(
    'is the shell on a line of its own after %s, which still ends it',
    (name) => {
      const { stderr, signal } = stderrOf(
        `showProgress('27%'); process.kill(process.pid, '${name}'); setTimeout(() => {}, 60_000);`,
      );
      expect(stderr).toBe(`${CLEAR_LINE}27%\n`);
      expect(signal).toBe(name);
    },
  );

  it('lets a command that handles the signal end the process', () => {
    const { stderr, status } = stderrOf(
      `onInterrupt(() => setTimeout(() => { process.stderr.write('stopped'); process.exit(3); }, 50));
      showProgress('27%'); process.kill(process.pid, 'SIGINT'); setTimeout(() => {}, 60_000);`,
    );
    expect(stderr).toBe(`${CLEAR_LINE}27%\nstopped`);
    expect(status).toBe(3);
  });
});

describe('work in steps', () => {
  it('shows the sums after each step', async () => {
    async function* steps() {
      yield { good: 2, bad: 1 };
      yield await Promise.resolve({ good: 1, bad: 0 });
    }
    const written = await writtenBy(async () => {
      const { sums } = await countWithProgress(steps(), { good: 0, bad: 0 }, ({ good, bad }) =>
        partOf(good + bad, 8, 'lines'),
      );
      expect(sums).toEqual({ good: 3, bad: 1 });
      print('');
    });
    expect(written.split(CLEAR_LINE)).toEqual(['', '37% (3 of 8 lines)', '50% (4 of 8 lines)', '']);
  });

  it('shows one field of a use case’s log events, where it is a count', async () => {
    expect(
      await shownBy(() => {
        const logEvent = showCountOf('purgedSoFar', (count) => partOf(count, 10, 'customers'));
        logEvent('purge-batch-finished', { purged: 2, purgedSoFar: 5 });
        logEvent('purge-stopped', { purged: 5 });
      }),
    ).toBe('50% (5 of 10 customers)');
  });
});

describe('a pace', () => {
  it('follows a change of the rate without jumping', () => {
    const pace = new Pace(0);
    for (let second = 1; second <= 60; second += 1) pace.reach(second * 100, second * 1_000);
    expect(pace.perSecond).toBeCloseTo(100);
    pace.reach(6_000, 61_000);
    expect(pace.perSecond).toBeGreaterThan(90);
    for (let second = 62; second <= 180; second += 1) pace.reach(6_000 + (second - 61) * 10, second * 1_000);
    expect(pace.perSecond).toBeGreaterThan(9.9);
    expect(pace.perSecond).toBeLessThan(11);
  });

  it('is that of steady work, however it is cut into steps', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 9_000 }), { minLength: 1 }), (pauses) => {
        const pace = new Pace(0);
        let nowMs = 2_000;
        pace.reach(14, nowMs);
        for (const pause of pauses) pace.reach(((nowMs += pause) * 7) / 1_000, nowMs);
        expect(pace.perSecond).toBeCloseTo(7);
      }),
    );
  });

  it('is unknown in the first two seconds, and while nothing is done', () => {
    const pace = new Pace(1_000);
    expect(pace.perSecond).toBeNull();
    pace.reach(500, 2_999);
    expect(pace.perSecond).toBeNull();
    pace.reach(500, 3_000);
    expect(pace.perSecond).not.toBeNull();
    const idle = new Pace(0);
    idle.reach(0, 60_000);
    expect(idle.perSecond).toBeNull();
  });
});
