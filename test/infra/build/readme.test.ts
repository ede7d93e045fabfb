import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { check } from 'prettier';
import { contracts, contractsByWing } from '#functions/contracts.ts';
import { useCaseTable, withGeneratedSections } from '#infra/build/readme-sections.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const README = resolve(ROOT, 'README.md');
const readme = readFileSync(README, 'utf8');
const sources = { root: ROOT, wings: contractsByWing };

describe('README.md', () => {
  it('shows the use cases and the example as they are', async () => {
    const isCurrent = (await withGeneratedSections(readme, sources)) === readme;
    expect(isCurrent ? 'up to date' : 'README.md is out of date. Run: npm run readme').toBe('up to date');
  });

  it('names each use case once in its list, in the order of functions/contracts.ts', () => {
    const names = [...useCaseTable(contractsByWing).matchAll(/^\|[^|]*\| `([a-z-]+)` /gm)].map(
      ([, name]) => name,
    );
    expect(names).toEqual(contracts.map(({ name }) => name));
  });

  it('is written in the form that the formatter asks for', async () => {
    expect(await check(readme, { filepath: README, singleQuote: true, printWidth: 110 })).toBe(true);
  });
});

describe('a generated section', () => {
  const [first] = contractsByWing.customers;
  const rowOf = (contract: object) => useCaseTable({ wing: [{ ...first, ...contract }] });

  it.each([
    [{ kind: 'route', method: 'GET', path: '/a' }, '`GET /a`'],
    [{ kind: 'schedule', every: 'rate(10 minutes)' }, 'every 10 minutes'],
    [{ kind: 'schedule', every: 'rate(1 hour)' }, 'every hour'],
    [{ kind: 'schedule', every: 'cron(0 4 * * ? *)' }, 'on schedule `cron(0 4 * * ? *)`'],
    [{ kind: 'operation' }, 'operation: an operator starts it'],
    [{ kind: 'subscription', events: ['seen', 'done'] }, 'log subscription: `seen`, `done`'],
    [{ summary: 'One | two' }, 'One \\| two'],
  ])('says how %j is reached', (contract, text) => {
    expect(rowOf(contract)).toContain(`| ${text}`);
  });

  it('needs its two comments', async () => {
    await expect(withGeneratedSections('# Nothing\n', sources)).rejects.toThrow('The page needs the lines');
  });

  it('leaves everything else alone, and written twice is the same', async () => {
    const changed = readme.replace(/^# .*/, '# Another title').replaceAll('| `get-customer`', '| `old-name`');
    const written = await withGeneratedSections(changed, sources);
    expect(written).toBe(readme.replace(/^# .*/, '# Another title'));
    expect(await withGeneratedSections(written, sources)).toBe(written);
  });
});
