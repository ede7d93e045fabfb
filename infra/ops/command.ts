/** What a command leaves behind: all is well, something was found or went wrong, it was not understood. */
export const EXIT = { done: 0, found: 1, misused: 2 } as const;
export type ExitStatus = (typeof EXIT)[keyof typeof EXIT];

/** One thing that an operator can ask for. */
export type Command = Readonly<{
  name: string;
  /** One line, for the list of all. */
  summary: string;
  /** Options and examples, one a line. */
  help: readonly string[];
  /** Whether it works on the database, and so has to know which. */
  needsDatabase: boolean;
  /** @throws Misuse, or what its work throws */
  run: (args: readonly string[]) => Promise<ExitStatus>;
}>;

/** The command line says something that cannot be done; the message says what to say in its place. */
export class Misuse extends Error {
  override readonly name = 'Misuse';
}
