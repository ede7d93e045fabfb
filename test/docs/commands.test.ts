import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { contracts } from '#functions/contracts.ts';
import { COMMANDS } from '#infra/ops/command-list.ts';
import type { Contract } from '#lib/contract/contract.ts';
import { PURPOSES } from '#lib/domain/access/purpose.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const textOf = (file: string): string => readFileSync(resolve(ROOT, file), 'utf8');
const DOCUMENTS = ['README.md', 'CONTRIBUTING.md', ...globSync('docs/*.md', { cwd: ROOT }).sort()];
const PAGE = textOf('docs/privacy.md');
const wordsOf = (text: string, pattern: RegExp): string[] =>
  [...new Set([...text.matchAll(pattern)].map(([, word = '']) => word))].sort();

type Route = Extract<Contract, { kind: 'route' }>;
const routes = contracts.filter((contract): contract is Route => contract.kind === 'route');

/** A call that a page prints for a terminal. */
type PrintedCall = Readonly<{
  line: string;
  method: string;
  path: string;
  query: URLSearchParams;
  body: unknown;
}>;

/** The lines `call -X PUT "$API/api/v1/…" -d '…'` of a page. */
const callsIn = (page: string): PrintedCall[] =>
  [...page.matchAll(/^ *(call (?:-X (\w+) )?"\$API([^"?]+)(?:\?([^"]*))?"(.*))$/gm)].map(
    ([, line = '', method = 'GET', path = '', query = '', options = '']) => ({
      ...{ line, method, path, query: new URLSearchParams(query) },
      body: JSON.parse(/ -d '([^']*)'/.exec(options)?.[1] ?? 'null'),
    }),
  );

const hasPath = (route: Route, path: string): boolean =>
  new RegExp(`^${route.path.replaceAll(/\{\w+\}/g, '\\$ID')}$`).test(path);

/** What a contract says against a call; nothing when the call can be pasted. */
const faultsOf = ({ method, path, query, body }: PrintedCall): string[] => {
  const route = routes.find((one) => one.method === method && hasPath(one, path));
  if (route === undefined) return ['no route'];
  const sent = [
    [route.body, body ?? undefined],
    [route.query, Object.fromEntries(query)],
  ] as const;
  return sent.flatMap(([schema, value]) =>
    schema === undefined ? [] : (schema.safeParse(value).error?.issues ?? []).map(({ message }) => message),
  );
};

describe('the commands that the documents name', () => {
  it.each(DOCUMENTS)('of %s exist: npm run ops', (document) => {
    const known = new Set(COMMANDS.map(({ name }) => name));
    const named = wordsOf(textOf(document), /npm run ops -- ([a-z][a-z-]*)/g);
    expect(named.filter((name) => !known.has(name))).toEqual([]);
  });

  it.each(DOCUMENTS)('of %s exist: functions to invoke, and queues', (document) => {
    const queues = contracts.filter(({ kind }) => kind === 'queue').map(({ name }) => `${name}-events`);
    const known = new Set([...contracts.map(({ name }) => name), ...queues]);
    const OTHERS = new Set(['access', 'defects']);
    const named = wordsOf(textOf(document), /CustomerManagement-([a-z]+(?:-[a-z]+)*)/g);
    expect(named.filter((name) => !known.has(name) && !OTHERS.has(name))).toEqual([]);
  });

  it.each(DOCUMENTS)('of %s exist: routes', (document) => {
    const named = [...textOf(document).matchAll(/`(GET|POST|PUT|PATCH|DELETE) (\/api\/[^`?\s]*)/g)];
    const unknown = named.filter(
      ([, method, path]) => !routes.some((route) => route.method === method && route.path === path),
    );
    expect(unknown.map(([text]) => text)).toEqual([]);
  });
});

describe('docs/privacy.md', () => {
  const calls = callsIn(PAGE);

  it('has a call for each thing that a person can ask for', () => {
    const called = calls.map(({ method, path }) => `${method} ${path}`);
    const { length } = wordsOf(PAGE, /^ *call (.*)$/gm);
    expect(new Set(calls.map(({ line }) => line)).size).toBe(length);
    for (const { method, path, permission } of routes.filter(
      (one) => one.purpose === 'honour-privacy-rights',
    ))
      expect([permission, called]).toEqual([
        'MANAGE_CUSTOMER_PRIVACY',
        expect.arrayContaining([`${method} ${path.replace('{id}', '$ID')}`]),
      ]);
  });

  it.each(calls)('prints a call that can be pasted: $line', (call) => {
    expect(faultsOf(call)).toEqual([]);
  });

  it('notices a call that cannot', () => {
    const faulty = [
      'call "$API/api/v1/customer/$ID/everything"',
      'call -X DELETE "$API/api/v1/customer/$ID/erase"',
      `call -X POST "$API/api/v1/customer/$ID/erase" -d '{"ground":"request"}'`,
      `call -X PUT "$API/api/v1/customer/$ID/consents" -d '{"consents":[]}'`,
    ];
    expect(callsIn(faulty.join('\n')).map((call) => faultsOf(call).length > 0)).toEqual(
      faulty.map(() => true),
    );
  });

  it('names purposes that exist', () => {
    const named = wordsOf(PAGE, /`([a-z]+-[a-z]+-records)`/g);
    expect(named.length).toBeGreaterThan(1);
    expect(named.filter((name) => !Object.hasOwn(PURPOSES, name))).toEqual([]);
  });

  it.each([7, 13, 14, 15, 16, 17, 18, 19, 20, 21, 30, 32, 33, 34])(
    'says how to answer article %d',
    (article) => {
      const headings = [...PAGE.matchAll(/^### ([\d and]+):/gm)].flatMap(([, numbers = '']) =>
        numbers.split(' and '),
      );
      expect(headings).toContain(String(article));
    },
  );
});
