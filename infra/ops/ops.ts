import { COMMANDS } from './command-list.ts';
import { runCommandLine } from './command-line.ts';

/** `npm run ops -- <command>`. */
process.exitCode = await runCommandLine(process.argv.slice(2), COMMANDS);
