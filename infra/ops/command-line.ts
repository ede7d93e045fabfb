import { Unavailable } from '#lib/domain/errors.ts';
import { UnusableKeyring } from '#lib/privacy/keyring.ts';
import { describeError } from '#lib/runtime/logger.ts';
import { disconnect } from '#lib/store/database/connection.ts';
import { type Command, EXIT, type ExitStatus, UsageError } from './command.ts';
import { chooseDatabase } from './target-database.ts';
import { print, printToStderr } from './terminal.ts';

/** Runs the command that the arguments name. Errors are printed, never thrown. */
export const runCommandLine = async (
  [name, ...args]: readonly string[],
  commands: readonly Command[],
): Promise<ExitStatus> => {
  if (name === undefined || name === '--help' || name === 'help') {
    print(overview(commands));
    return name === undefined ? EXIT.usage : EXIT.done;
  }
  const command = commands.find((each) => each.name === name);
  if (command === undefined) {
    printToStderr(`Unknown command '${name}'.\nFor a list of commands, run: npm run ops -- --help`);
    return EXIT.usage;
  }
  if (args.includes('--help')) {
    print(helpOf(command));
    return EXIT.done;
  }
  return await runSafely(command, args);
};

const overview = (commands: readonly Command[]): string =>
  [
    'Usage: npm run ops -- <command> [options]',
    '',
    'Commands:',
    ...commands.map(({ name, summary }) => `  ${name.padEnd(20)}${summary}`),
    '',
    'Set MONGODB_URI to the address of the database and KEYRING_FILE to the path of the keyring file.',
    'Or add --local to use the database and keyring of the npm start that is running on this machine.',
    '',
    'For the options of a command, run: npm run ops -- <command> --help',
  ].join('\n');

const helpOf = ({ name, usage, summary, help, needsDatabase }: Command): string =>
  [
    `Usage: npm run ops -- ${name} ${usage}`.trimEnd(),
    '',
    summary,
    '',
    ...help,
    ...(needsDatabase ? ['', 'Add --local to work on the database of the npm start on this machine.'] : []),
  ].join('\n');

const runSafely = async (command: Command, args: readonly string[]): Promise<ExitStatus> => {
  try {
    const rest = args.filter((arg) => arg !== '--local');
    if (command.needsDatabase) await chooseDatabase({ isLocal: rest.length < args.length });
    return await command.run(rest);
  } catch (error) {
    if (isUsageError(error)) {
      printToStderr(`${usageText(error)}\nFor help, run: npm run ops -- ${command.name} --help`);
      return EXIT.usage;
    }
    printToStderr(failureText(error));
    return EXIT.problem;
  } finally {
    if (command.needsDatabase) await disconnect();
  }
};

/** Node's parser of arguments throws errors with its own codes. */
const isUsageError = (error: unknown): error is Error =>
  error instanceof UsageError ||
  (Error.isError(error) &&
    'code' in error &&
    typeof error.code === 'string' &&
    error.code.startsWith('ERR_PARSE_ARGS'));

/** Node's parser adds a hint about arguments that begin with a hyphen, which no command has. */
const usageText = ({ message }: Error): string =>
  message.replace(/ To specify a positional argument .*/s, '');

/** Only our own messages are printed: a message of the database may quote what a customer entered. */
const failureText = (error: unknown): string => {
  if (error instanceof Unavailable || error instanceof UnusableKeyring) return error.message;
  const { error: name, code, cause, frames = '' } = describeError(error);
  return [`The command failed: ${[name, code, cause].filter(Boolean).join(' ')}.`, frames]
    .join('\n')
    .trimEnd();
};
