import { parseArgs } from 'node:util';
import type { Shown } from './console/printer.ts';

const DEFAULT_PORT = '3000';
const HIGHEST_PORT = 65_535;
/** On AWS it takes hours. */
const DEFAULT_RESTORE_SECONDS = '5';

/** What `npm start -- --help` prints. */
export const HELP = `Usage: npm start -- [options]

Runs the whole service on this machine, with data in .local.

  --demo                fill the demo business with 300 invented customers, and print calls that use them
  --fresh               delete the data of earlier runs first
  --verbose             print every line of the functions too
  --json                print only the lines of the functions, as JSON, and all else to standard error
  --help                print this

npm run dev -- [options] also serves what you save, with source maps in stack traces.

  --inspect=<function>  let a debugger halt this function, for example find-customers

PORT=4000 npm start          another port (default: ${DEFAULT_PORT}; 0: any free one)
MONGODB_URI=mongodb://…      your own database, a replica set of MongoDB 8.0 or newer
RESTORE_SECONDS=5            how long the restore of an archived object takes
NO_COLOR=1                   no colours`;

/** What the command line and the environment ask for. */
export type StartOptions = Readonly<{
  help: boolean;
  fresh: boolean;
  demo: boolean;
  shown: Shown;
  /** Serve what is saved: `npm run dev`. */
  watch: boolean;
  /** The function that a debugger may halt. */
  inspect?: string;
  port: number;
  restoreDelayMs: number;
}>;

const readPort = (text: string): number => {
  const port = Number(text === '' ? DEFAULT_PORT : text);
  if (Number.isInteger(port) && port >= 0 && port <= HIGHEST_PORT) return port;
  throw new Error(`PORT must be a whole number from 0 to ${String(HIGHEST_PORT)}, not '${text}'.`);
};

const readRestoreSeconds = (text: string): number => {
  const seconds = text === '' ? DEFAULT_RESTORE_SECONDS : text;
  if (/^\d{1,6}$/.test(seconds)) return Number(seconds);
  throw new Error(`RESTORE_SECONDS must be a whole number from 0 to 999999, not '${text}'.`);
};

const FLAG = { type: 'boolean', default: false } as const;

const parse = (args: readonly string[]) => {
  try {
    return parseArgs({
      args: [...args],
      options: {
        fresh: FLAG,
        demo: FLAG,
        verbose: FLAG,
        json: FLAG,
        help: FLAG,
        watch: FLAG,
        inspect: { type: 'string' },
      },
    }).values;
  } catch (error) {
    // Node's parser adds a hint about arguments that begin with a hyphen, which there are none of.
    const [sentence = ''] = String(Error.isError(error) ? error.message : error).split(
      /(?<=['".]) (?:To|This)/,
    );
    throw new Error(`${sentence.replace(/\.?$/, '.')} For a list of options: npm start -- --help`, {
      cause: error,
    });
  }
};

const shownBy = ({
  json,
  verbose,
  watch,
}: Readonly<Record<'json' | 'verbose' | 'watch', boolean>>): Shown => {
  if (json) return 'json';
  if (verbose) return 'verbose';
  return watch ? 'dev' : 'human';
};

/** @throws Error whose message is for a person */
export const readOptions = (args: readonly string[], env: NodeJS.ProcessEnv): StartOptions => {
  const { fresh, demo, verbose, json, help, watch, inspect } = parse(args);
  if (verbose && json) throw new Error('Choose one of --verbose and --json.');
  if (inspect !== undefined && !watch)
    throw new Error(`--inspect needs source maps: npm run dev -- --inspect=${inspect}`);
  return {
    help,
    fresh,
    demo,
    watch,
    ...(inspect !== undefined && { inspect }),
    shown: shownBy({ json, verbose, watch }),
    port: readPort(env.PORT ?? ''),
    restoreDelayMs: readRestoreSeconds(env.RESTORE_SECONDS ?? '') * 1_000,
  };
};
