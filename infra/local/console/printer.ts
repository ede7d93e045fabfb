import type { AnsweredRequest } from './answered-request.ts';
import {
  brokenLine,
  type Built,
  builtLine,
  functionLine,
  isJsonLine,
  rawLine,
  requestLine,
} from './human-lines.ts';

/**
 * What the terminal shows while the service runs.
 * - `human`: one line for each request, message and task, and each fault
 * - `dev`: these, and what a function prints beside its log: somebody is working on it
 * - `verbose`: these, and every line of the functions as it is
 * - `json`: only the lines of the functions, each a JSON object
 */
export type Shown = 'human' | 'dev' | 'verbose' | 'json';

/** Where `npm start` prints. */
export type Printer = Readonly<{
  /** A step of the start, with the seconds so far. */
  say: (line: string) => void;
  /** A text for a person. */
  tell: (text: string) => void;
  answered: (request: AnsweredRequest) => void;
  built: (news: Built) => void;
  /** Why a file that was saved cannot be built. */
  broken: (reason: string) => void;
  /** A line that a function wrote. */
  log: (functionName: string, line: string) => void;
}>;

type Output = Pick<NodeJS.WriteStream, 'write'>;
export type Outputs = Readonly<{ stdout: Output; stderr: Output }>;

const asJson = (functionName: string, text: string): string =>
  isJsonLine(text) ? text : JSON.stringify({ function: functionName, text });

/** The printer of each kind. With `json`, standard output has nothing else, so that another program can read it. */
export const createPrinter = (
  shown: Shown,
  outputs: Outputs = process,
  now: () => number = () => performance.now(),
): Printer => {
  const startedAt = now();
  const toOutput = (line: string): void => void outputs.stdout.write(`${line}\n`);
  const toPerson = (text: string): void =>
    void (shown === 'json' ? outputs.stderr : outputs.stdout).write(`${text}\n`);
  return {
    say: (line) => {
      toPerson(`${((now() - startedAt) / 1_000).toFixed(1).padStart(6)} s  ${line}`);
    },
    tell: toPerson,
    answered: (request) => {
      if (shown !== 'json') toOutput(requestLine(request));
    },
    built: (news) => {
      toPerson(builtLine(news));
    },
    broken: (reason) => {
      toPerson(brokenLine(reason));
    },
    log: (name, text) => {
      if (shown === 'json') {
        toOutput(asJson(name, text));
        return;
      }
      const human = functionLine(name, text);
      if (human !== undefined) toOutput(human);
      const isOwn = shown === 'dev' && human === undefined && !isJsonLine(text);
      if (shown === 'verbose' || isOwn) toOutput(rawLine(name, text));
    },
  };
};
