import { Writable } from 'node:stream';
import { format } from 'node:util';
import { afterAll, afterEach } from '@jest/globals';
import { failOnLeaks, hear, hearLine, noteTotals } from './leak-watch.ts';

// Jest runs this before each test file. The service writes everything that it would write on AWS, and all of it is
// checked: a test fails if something personal was written during it, whatever the test is about.
process.env['POWERTOOLS_LOG_LEVEL'] = 'INFO';
process.env['POWERTOOLS_METRICS_DISABLED'] = 'false';

/** A stream that checks each line and passes on what the service did not write. */
const listening = (stream: NodeJS.WriteStream): Writable =>
  new Writable({
    decodeStrings: false,
    write: (chunk: unknown, _encoding, done) => {
      for (const line of String(chunk).split('\n'))
        if (line !== '' && !hearLine(line)) stream.write(`${line}\n`);
      done();
    },
  });
for (const name of ['stdout', 'stderr'] as const) {
  Object.defineProperty(process, name, { value: listening(process[name]), configurable: true });
}

// Jest's own console collects what dependencies print.
/* eslint-disable no-console */
for (const method of ['debug', 'error', 'info', 'log', 'trace', 'warn'] as const) {
  const print = console[method].bind(console);
  console[method] = (...words: unknown[]) => {
    hear('other output', format(...words));
    print(...words);
  };
}

afterEach(failOnLeaks);
afterAll(() => {
  failOnLeaks();
  noteTotals();
});
