import { describe, expect, it } from '@jest/globals';
import { HELP, readOptions } from '#infra/local/options.ts';

describe('the options of npm start', () => {
  it('are the usual ones when none is given', () => {
    expect(readOptions([], {})).toEqual({
      ...{ help: false, fresh: false, demo: false, watch: false, shown: 'human' },
      ...{ port: 3000, restoreDelayMs: 5_000 },
    });
  });

  it.each([
    [['--json'], 'json'],
    [['--verbose'], 'verbose'],
    [['--watch'], 'dev'],
    [['--watch', '--json'], 'json'],
  ])('%j choose what the terminal shows', (args, shown) => {
    expect(readOptions(args, {}).shown).toBe(shown);
  });

  it.each([
    [['--jsn'], "Unknown option '--jsn'. For a list of options: npm start -- --help"],
    [['here'], "Unexpected argument 'here'. For a list of options: npm start -- --help"],
    [['--inspect=get-customer'], '--inspect needs source maps: npm run dev -- --inspect=get-customer'],
    [['--json', '--verbose'], 'Choose one of --verbose and --json.'],
  ])('%j are refused with one sentence', (args, sentence) => {
    expect(() => readOptions(args, {})).toThrow(sentence);
  });

  it('are all in the help', () => {
    for (const option of [
      '--fresh',
      '--verbose',
      '--json',
      '--help',
      'PORT',
      'MONGODB_URI',
      'RESTORE_SECONDS',
    ])
      expect(HELP).toContain(option);
  });
});
