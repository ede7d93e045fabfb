/** Exit statuses: the work is done; a problem was found or the work failed; the command line was wrong. */
export const EXIT = { done: 0, problem: 1, usage: 2 } as const;
export type ExitStatus = (typeof EXIT)[keyof typeof EXIT];

/** One command of `npm run ops`. */
export type Command = Readonly<{
  name: string;
  /** One line for the list of commands. */
  summary: string;
  /** Its arguments, as they follow the name in a command line. */
  usage: string;
  /** Its options, and what else to know, one line each. */
  help: readonly string[];
  /** Whether it uses the database, and so needs `MONGODB_URI` and `KEYRING_FILE`. */
  needsDatabase: boolean;
  /** @throws UsageError, and any error of its work */
  run: (args: readonly string[]) => Promise<ExitStatus>;
}>;

/** The command line is wrong. The message names the mistake and the correct form. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
