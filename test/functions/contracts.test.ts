import { readdirSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { contracts } from '#functions/contracts.ts';
import { PROBLEMS } from '#lib/contract/problem.ts';
import { handlerOf, routeNames, routes } from '#test/support/routes.ts';

const folders = readdirSync('functions', { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .sort();

describe('every use case', () => {
  it('is one folder and one contract of the same name, listed once', () => {
    expect(contracts.map(({ name }) => name).sort()).toEqual(folders);
  });

  it.each(folders)('%s: contract, steps, handler and a test', (name) => {
    expect(readdirSync(`functions/${name}`).sort()).toEqual(
      ['contract.ts', 'handler.ts', `${name}.ts`].sort(),
    );
  });

  it.each(folders)('%s: is tested in a file of its own, or with its twin', (name) => {
    const twins: Readonly<Record<string, string>> = {
      'get-settings': 'settings',
      'change-settings': 'settings',
    };
    expect(readdirSync('test/functions')).toContain(`${twins[name] ?? name}.test.ts`);
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
    expect(problems).toEqual(expect.arrayContaining(['business-required', 'not-a-member', 'internal-error']));
    for (const problem of problems) expect(PROBLEMS).toHaveProperty(problem);
    expect(problems.includes('unknown-field')).toBe(route?.body !== undefined);
    expect(problems.includes('request-in-progress')).toBe(route?.method === 'POST');
    expect(problems.includes('version-required')).toBe(route?.precondition === 'required');
  });

  it.each(routeNames)('%s: names in its path exactly what it reads from there', (name) => {
    const route = routes.find((each) => each.name === name);
    expect(route?.path.includes('{id}')).toBe(route?.params !== undefined);
  });
});
