import { readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { contracts, contractsByWing, folderOf } from '#functions/contracts.ts';
import { PROBLEMS } from '#lib/contract/problem.ts';
import { handlerOf, routeNames, routes } from '#test/support/routes.ts';

const subfolders = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();

const folders = subfolders('functions').flatMap((wing) => subfolders(`functions/${wing}`));

describe('every use case', () => {
  it('is one folder and one contract of the same name, listed once', () => {
    expect(contracts.map(({ name }) => name).sort()).toEqual([...folders].sort());
  });

  it('lies in the wing that lists it, and each wing is a folder', () => {
    expect(Object.keys(contractsByWing).sort()).toEqual(subfolders('functions'));
    for (const [wing, listed] of Object.entries(contractsByWing))
      expect(listed.map(({ name }) => name).sort()).toEqual(subfolders(`functions/${wing}`));
  });

  it.each(folders)('%s: contract, steps, handler and a test', (name) => {
    expect(readdirSync(folderOf(name)).sort()).toEqual(['contract.ts', 'handler.ts', `${name}.ts`].sort());
  });

  it.each(folders)('%s: is tested in a file of its own, or with its twin', (name) => {
    const twins: Readonly<Record<string, string>> = {
      'get-settings': 'settings',
      'change-settings': 'settings',
      'get-erasure': 'erase-customer',
      'finish-erasures': 'erase-customer',
      'get-legal-hold': 'legal-holds',
      'place-legal-hold': 'legal-holds',
      'release-legal-hold': 'legal-holds',
      'recall-customer': 'keep-archive',
      'create-segment': 'segments',
      'find-segments': 'segments',
      'get-segment': 'segments',
      'change-segment': 'segments',
      'delete-segment': 'segments',
      'get-preferences': 'preferences',
      'set-preferences': 'preferences',
    };
    expect(readdirSync(`test/${dirname(folderOf(name))}`)).toContain(`${twins[name] ?? name}.test.ts`);
  });

  it.each(folders)('%s: its handler can be called', async (name) => {
    expect(typeof (await handlerOf(name))).toBe('function');
  });
});

describe('every route', () => {
  it('has a door of its own', () => {
    const doors = routes.map(({ method, path }) => `${method} ${path}`);
    expect(new Set(doors).size).toBe(doors.length);
  });

  it.each(routeNames)('%s: declares what the pipeline may refuse, each code once', (name) => {
    const route = routes.find((each) => each.name === name);
    const problems = route?.problems ?? [];
    expect(new Set(problems).size).toBe(problems.length);
    expect(problems).toEqual(
      expect.arrayContaining([
        'unknown-parameter',
        'business-required',
        'not-a-member',
        'unusable-subject',
        'internal-error',
      ]),
    );
    for (const problem of problems) expect(PROBLEMS).toHaveProperty(problem);
    expect(problems.includes('unknown-field')).toBe(route?.body !== undefined);
    expect(problems.includes('request-in-progress')).toBe(route?.method === 'POST');
    expect(problems.includes('version-required')).toBe(route?.precondition === 'required');
  });

  it('is read again after a fault of the database only where it is a pull, and reads', () => {
    const again = routes.filter(({ readsAgain }) => readsAgain === true);
    expect(again.map(({ name }) => name)).toEqual(['find-customers']);
    for (const { method, permission, body } of again)
      expect([method, permission, body]).toEqual(['GET', 'READ_CUSTOMER', undefined]);
  });

  it.each(routeNames)('%s: names in its path exactly what it reads from there', (name) => {
    const route = routes.find((each) => each.name === name);
    const read = route?.params instanceof z.ZodObject ? Object.keys(route.params.shape) : [];
    expect([...(route?.path ?? '').matchAll(/\{(\w+)\}/g)].map(([, inPath]) => inPath)).toEqual(read);
  });
});
