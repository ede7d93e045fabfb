import { runCommandLine } from './command-line.ts';
import { COMMANDS } from './commands.ts';

/** `npm run ops -- <command>`. */
process.exitCode = await runCommandLine(process.argv.slice(2), COMMANDS);
