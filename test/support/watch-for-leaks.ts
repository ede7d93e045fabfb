import { Writable } from 'node:stream';
import { format } from 'node:util';
import { afterAll, afterEach } from '@jest/globals';
import { failOnLeaks, hear, hearLine, noteTotals } from './leak-watch.ts';

// Jest runs this before each test file. The service says all that it would say on AWS, and somebody listens: a test
// after which something personal was said fails, whether it was about that or not.
process.env['POWERTOOLS_LOG_LEVEL'] = 'INFO';
process.env['POWERTOOLS_METRICS_DISABLED'] = 'false';

/** A stream that listens to each line and passes on what others than the service wrote. */
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
