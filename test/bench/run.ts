import { parseArgs } from 'node:util';
import { load, printTable, type Row, say } from './figures.ts';
import { bundleRows } from './sections/bundles.ts';
import { coldRows } from './sections/cold.ts';
import { cpuRows } from './sections/cpu.ts';
import { leverRows } from './sections/levers.ts';
import { orderRows } from './sections/orders.ts';
import { warmRows } from './sections/warm.ts';
import { openSite, type Site } from './site.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { effort: { type: 'string', default: '1' } },
});
const rounds = (usual: number): number => Math.max(3, Math.round(usual * Number(values.effort)));

const SECTIONS: Readonly<Record<string, (site: Site) => Row[] | Promise<Row[]>>> = {
  cold: (site) => coldRows(site, rounds(15)),
  warm: (site) => warmRows(site, rounds(60)),
  cpu: (site) => cpuRows(site, rounds(24)),
  orders: (site) => orderRows(site, rounds(60)),
  bundles: bundleRows,
  levers: (site) => leverRows(site, rounds(15)),
};
const USUAL = ['cold', 'warm', 'cpu', 'bundles'];

const chosen = positionals.length === 0 ? USUAL : positionals;
const unknown = chosen.filter((name) => !Object.hasOwn(SECTIONS, name));
if (unknown.length > 0)
  throw new Error(
    `Unknown section: ${unknown.join(', ')}. The sections are ${Object.keys(SECTIONS).join(', ')}.`,
  );

const site = await openSite();
const rows: Row[] = [];
const lines: string[] = [];
try {
  for (const name of chosen) {
    say(`Measuring ${name} …`);
    const before = load();
    rows.push(...((await SECTIONS[name]?.(site)) ?? []));
    lines.push(`${name}: load ${before} before, ${load()} after`);
  }
} catch (error) {
  // Otherwise the bundles in this process would catch the error, log only its name and end the process.
  say(error instanceof Error ? String(error.stack) : String(error));
  process.exitCode = 1;
} finally {
  await site.close();
}
say(`\nnode ${process.version}, ${site.engine}; ${lines.join('; ')}\n`);
printTable(rows);
process.exit();
