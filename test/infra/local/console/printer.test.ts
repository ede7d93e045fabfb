import { describe, expect, it } from '@jest/globals';
import { createPrinter, type Shown } from '#infra/local/console/printer.ts';

const printing = (shown: Shown) => {
  const said = { stdout: '', stderr: '' };
  const outputs = {
    stdout: { write: (text: string) => Boolean((said.stdout += text)) },
    stderr: { write: (text: string) => Boolean((said.stderr += text)) },
  };
  let at = 0;
  return { said, printer: createPrinter(shown, outputs, () => (at += 1_500)) };
};

const NAME = 'CustomerManagement-create-customer';
const line = (fields: object): string => JSON.stringify({ level: 'INFO', requestId: 'r1', ...fields });
const REQUEST = {
  ...{ method: 'POST', path: '/api/v1/customer', status: 409, problem: 'duplicate-email' },
  ...{ durationMs: 12.4, functionName: NAME },
};
const ANSWERED = line({ message: 'request-answered', route: 'GET /x' });

describe('the terminal of npm start', () => {
  it('has one line for each request', () => {
    const { said, printer } = printing('human');
    printer.answered(REQUEST);
    printer.answered({ method: 'GET', path: '/_local/queues', status: 200, durationMs: 1 });
    expect(said).toEqual({
      stdout:
        'POST /api/v1/customer  409 duplicate-email  12 ms  create-customer\nGET /_local/queues  200  1 ms\n',
      stderr: '',
    });
  });

  it.each([
    [
      { message: 'event-handled', outcome: 'changed', durationMs: 7 },
      'message  changed  7 ms  create-customer\n',
    ],
    [
      { message: 'event-failed', code: 'no-time', receives: 2, durationMs: 7 },
      'message  failed no-time, receive 2, comes again  7 ms  create-customer\n',
    ],
    [{ message: 'task-finished', task: 'x', durationMs: 7 }, 'task  finished  7 ms  create-customer\n'],
    [
      { level: 'ERROR', message: 'defect', error: 'TypeError', frames: '    at f (/a/b.ts:1:2)' },
      'fault  defect TypeError  create-customer\n    at f (/a/b.ts:1:2)\n',
    ],
    [{ message: 'request-answered' }, ''],
    [{ message: 'customer-accessed', customers: ['1'] }, ''],
  ])('says of %j: %j', (fields, expected) => {
    const { said, printer } = printing('human');
    printer.log(NAME, line(fields));
    expect(said.stdout).toBe(expected);
  });

  it('says what became of a file that was saved', () => {
    const { said, printer } = printing('dev');
    printer.built({ names: ['a', 'b', 'c', 'd', 'e'], durationMs: 340.4 });
    printer.built({ names: ['a', 'b', 'c', 'd'], durationMs: 1 });
    printer.broken('lib/a.ts:1:2: Unexpected "}"');
    expect(said.stdout).toBe(
      'built  a, b, c and 2 others  340 ms\nbuilt  a, b, c and 1 other  1 ms\n' +
        'broken  lib/a.ts:1:2: Unexpected "}"  what it is part of runs on as before\n',
    );
  });

  it('shows what a function prints while somebody works on it', () => {
    const { said, printer } = printing('dev');
    for (const each of [ANSWERED, 'plain']) printer.log(NAME, each);
    expect(said.stdout).toBe('create-customer  plain\n');
  });

  it('says that an invocation failed, and not what an error quotes', () => {
    const { said, printer } = printing('human');
    const trace = ['Error: anna@example.com', '    at f (/a/b.ts:1:2)'];
    const error = { errorType: 'Error', errorMessage: 'anna@example.com', trace };
    printer.log(NAME, `Invoke Error ${JSON.stringify(error)}`);
    const late = { errorType: 'Sandbox.Timedout', errorMessage: 'Task timed out', trace: [] };
    printer.log(NAME, `Invoke Error ${JSON.stringify(late)}`);
    expect(said.stdout).toBe(
      'failed  Error  create-customer\n    at f (/a/b.ts:1:2)\n' +
        'failed  Sandbox.Timedout: Task timed out  create-customer\n',
    );
  });

  it.each(['anna@example.com', '{"broken', '[1]', 'null'])('does not show %s', (text) => {
    const { said, printer } = printing('human');
    printer.log(NAME, text);
    expect(said.stdout).toBe('');
  });

  it('has every line too with --verbose', () => {
    const { said, printer } = printing('verbose');
    const handled = line({ message: 'event-handled', outcome: 'changed', durationMs: 7 });
    for (const each of [ANSWERED, handled, 'plain']) printer.log(NAME, each);
    expect(said.stdout).toBe(
      `create-customer  ${ANSWERED}\n` +
        `message  changed  7 ms  create-customer\ncreate-customer  ${handled}\n` +
        'create-customer  plain\n',
    );
  });

  it('has only JSON on standard output with --json', () => {
    const { said, printer } = printing('json');
    printer.say('starting');
    printer.tell('welcome');
    printer.answered(REQUEST);
    printer.log(NAME, ANSWERED);
    printer.log(NAME, 'plain');
    expect(said).toEqual({
      stdout: `${ANSWERED}\n{"function":"${NAME}","text":"plain"}\n`,
      stderr: '   1.5 s  starting\nwelcome\n',
    });
  });
});
