// What a cold sample runs: load a bundle, answer one event, say so, exit. Arguments: bundle, export, event as JSON.
import { createRequire } from 'node:module';

const [bundle, name, event] = process.argv.slice(2);
const { [name]: handler } = createRequire(import.meta.url)(bundle);
const { statusCode } = await handler(JSON.parse(event), {
  awsRequestId: 'bench',
  functionName: 'bench',
  getRemainingTimeInMillis: () => 10_000,
});
process.stdout.write(`answered ${String(statusCode)}\n`, () => process.exit(0));
