import { parseArgs } from 'node:util';
import { formatFrom } from '#infra/ops/options.ts';
import { writePeople } from './people-lines.ts';

/** `node test/bench/scale/write-people.ts 10000 --format csv --out people.csv`: made-up customers to import. */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string', default: '7' },
    format: { type: 'string', default: 'ndjson' },
    out: { type: 'string' },
  },
});
const [count = '10000'] = positionals;
await writePeople(
  { count: Number(count), seed: Number(values.seed), format: formatFrom(values.format) },
  values.out,
);
