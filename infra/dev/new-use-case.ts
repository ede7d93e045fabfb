import { resolve } from 'node:path';
import { scaffoldUseCase } from './scaffold.ts';

/** `npm run new -- [<wing>/]<verb-noun>`: a use case to start from, with its test and its line in functions/contracts.ts. */
try {
  const written = await scaffoldUseCase(resolve(import.meta.dirname, '../..'), process.argv[2] ?? '');
  process.stdout.write(`${written.map((path) => `  ${path}`).join('\n')}
It works already: it answers one customer. Make it yours, starting with the contract. Then say
  in test/support/routes.ts how it is asked, in test/functions/who-may-call.test.ts who may.
`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
