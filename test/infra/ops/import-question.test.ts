import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { findProgram } from '#infra/local/database/installation/machine.ts';
import { aBusiness } from '#test/support/a-business.ts';
import { PROOF_TIMEOUT_MS } from '#test/support/promise.ts';
import { useService } from '#test/support/service.ts';
import { expectNothingWritten } from '#test/support/stored.ts';
import { adminUriOf } from '#test/support/test-database.ts';

const service = useService('import-question');
const folder = mkdtempSync(join(tmpdir(), 'import-question-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = join(folder, 'people.csv');
beforeAll(() => {
  // The wire probe recognizes requests by their callers, and does not know those of the command line.
  process.env['MONGODB_URI'] = adminUriOf(process.env['MONGODB_URI']!);
  writeFileSync(file, 'First name,Email,Phone\nOla,ola@b.example,+48 512 345 617\n');
});

const QUESTION = 'Import these columns? Type yes or no: ';
const END_OF_INPUT = Symbol('end of input');
type Key = string | typeof END_OF_INPUT;

/** Runs an import on a terminal and gives one answer to each question. */
const onTerminal = async (businessId: string, answers: readonly Key[], redirect = '') => {
  const args = ['infra/ops/ops.ts', 'import', file, '--business', businessId, '--actor', 'ola'];
  // exec: dash, the shell where SHELL is not set, would hide how the program ended.
  const command = `exec '${process.execPath}' ${args.map((arg) => `'${arg}'`).join(' ')} ${redirect}`;
  const terminal = spawn('script', ['--quiet', '--return', '--command', command, '/dev/null'], {
    cwd: join(import.meta.dirname, '../../..'),
    env: { ...process.env, POWERTOOLS_LOG_LEVEL: 'SILENT', POWERTOOLS_METRICS_DISABLED: 'true' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const left = [...answers];
  let text = '';
  let asked = 0;
  terminal.stdout.setEncoding('utf8').on('data', (piece: string) => {
    text += piece;
    for (; asked < text.split(QUESTION).length - 1; asked += 1) {
      const answer = left.shift();
      if (typeof answer === 'string') terminal.stdin.write(answer);
      else terminal.stdin.end();
    }
  });
  const [status] = await once(terminal, 'close');
  return { status: Number(status), text, asked };
};

// script(1) of util-linux gives a program a terminal; elsewhere its options are others.
const hasTerminals = process.platform === 'linux' && (await findProgram('script')) !== undefined;
const CTRL_C = '\u0003';
const CTRL_D = '\u0004';

(hasTerminals ? describe : describe.skip)('an import on a terminal asks and', () => {
  const TIMEOUT_MS = Math.max(PROOF_TIMEOUT_MS, 60_000);

  it.each<[string, Key[]]>([
    ['yes', ['yes\r']],
    ['y', [' Y \r']],
    ['yes, after other answers', ['\r', 'maybe\r', 'yes\r']],
  ])(
    'imports after %s',
    async (_what, answers) => {
      const business = aBusiness();
      const { status, text, asked } = await onTerminal(business.businessId, answers);
      expect([status, asked]).toEqual([0, answers.length]);
      expect(text).toContain('#3 Phone       phone          +99 999 999 999');
      const clearLine = '\r\u001b[2K';
      // The line of progress is cleared before the result is printed.
      expect(text).toContain(
        `${clearLine}100% (1 of 1 lines)${clearLine}1 imported, 0 already imported, 0 refused`,
      );
      expect((await business.find({})).body.items).toMatchObject([{ firstName: 'Ola' }]);
    },
    TIMEOUT_MS,
  );

  it.each<[string, Key[]]>([
    ['no', ['no\r']],
    ['N', ['N\r']],
    ['no, after other answers', ['yes no\r', 'nope\r', 'no\r']],
    ['Ctrl-C', [CTRL_C]],
    ['Ctrl-C after half an answer', ['\r', `ye${CTRL_C}`]],
    ['Ctrl-D', [CTRL_D]],
    ['the end of its input', [END_OF_INPUT]],
  ])(
    'imports nothing after %s, and says so',
    async (_what, answers) => {
      const { businessId } = aBusiness();
      const { status, text, asked } = await expectNothingWritten(service, () =>
        onTerminal(businessId, answers),
      );
      expect([status, asked]).toEqual([1, answers.length]);
      expect(text).toMatch(
        /\nNothing was imported\. To change which column holds which field, add --map\.\r\n$/,
      );
      expect(existsSync(`${file}.refused.ndjson`)).toBe(false);
    },
    TIMEOUT_MS,
  );

  it.each(['</dev/null', `2>'${join(folder, 'errors')}'`])(
    'imports nothing where nobody would see the question or could answer: %s',
    async (redirect) => {
      const { businessId } = aBusiness();
      const { status, asked } = await expectNothingWritten(service, () =>
        onTerminal(businessId, [], redirect),
      );
      expect([status, asked]).toEqual([2, 0]);
    },
    TIMEOUT_MS,
  );
});
