import { Unavailable } from '#lib/domain/errors.ts';
import { UnusableKeyring } from '#lib/privacy/keyring.ts';
import { describeError } from '#lib/runtime/logger.ts';
import { type Command, EXIT, type ExitStatus, Misuse } from './command.ts';
import { complain, say } from './terminal.ts';
import { chooseDatabase } from './where.ts';

/** Runs the command that the arguments name, and says in a sentence what went wrong. */
export const runCommandLine = async (
  [name, ...args]: readonly string[],
  commands: readonly Command[],
): Promise<ExitStatus> => {
  if (name === undefined || name === '--help' || name === 'help') {
    say(overview(commands));
    return name === undefined ? EXIT.misused : EXIT.done;
  }
  const command = commands.find((each) => each.name === name);
  if (command === undefined) {
    complain(`There is no command '${name}'. See them all with: npm run ops -- --help`);
    return EXIT.misused;
  }
  if (args.includes('--help')) {
    say([`npm run ops -- ${command.name}`, `  ${command.summary}`, '', ...command.help].join('\n'));
    return EXIT.done;
  }
  return await runSafely(command, args);
};

const overview = (commands: readonly Command[]): string =>
  [
    'npm run ops -- <command> [options]',
    '',
    ...commands.map(({ name, summary }) => `  ${name.padEnd(18)}${summary}`),
    '',
    'Works on the database of MONGODB_URI with the keyring of KEYRING_FILE, or with --local on those of npm start.',
    'npm run ops -- <command> --help says more.',
  ].join('\n');

const runSafely = async (command: Command, args: readonly string[]): Promise<ExitStatus> => {
  try {
    const rest = args.filter((arg) => arg !== '--local');
    if (command.needsDatabase) await chooseDatabase({ isLocal: rest.length < args.length });
    return await command.run(rest);
  } catch (error) {
    if (isMisuse(error)) {
      complain(`${error.message}\nSee: npm run ops -- ${command.name} --help`);
      return EXIT.misused;
    }
    complain(sentenceOf(error));
    return EXIT.found;
  }
};

/** Node's own parser of arguments has codes of its own. */
const isMisuse = (error: unknown): error is Error =>
  error instanceof Misuse ||
  (Error.isError(error) &&
    'code' in error &&
    typeof error.code === 'string' &&
    error.code.startsWith('ERR_PARSE_ARGS'));

/** Only messages of ours are shown: those of the database quote what customers entered. */
const sentenceOf = (error: unknown): string => {
  if (error instanceof Unavailable || error instanceof UnusableKeyring) return error.message;
  const { error: name, code, cause, frames = '' } = describeError(error);
  return [`It failed with ${[name, code, cause].filter(Boolean).join(' ')}.`, frames].join('\n').trimEnd();
};
