import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { type RulesetDefinition, Spectral } from '@stoplight/spectral-core';
import { oas } from '@stoplight/spectral-rulesets';
import { asyncApiDocument } from '#infra/build/async-api.ts';
import { openApiText } from '#infra/build/openapi.ts';
import { redocly } from '#infra/build/openapi/redocly.ts';
import { operations } from '#test/support/described.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const FILE = 'docs/openapi.json';
const textOf = (path: string): string => readFileSync(resolve(ROOT, path), 'utf8');
const PATHS = [...new Set(operations.map(({ path }) => path))];

/** Whether a path may have this word where its parameter of this name stands. */
const mayBe = (path: string, name: string, word: string): boolean =>
  operations
    .filter((operation) => operation.path === path)
    .flatMap(({ parameters }) => parameters)
    .filter((parameter) => parameter.in === 'path' && parameter.name === name)
    .every(({ schema }) => schema['pattern'] === undefined || new RegExp(schema['pattern']).test(word));

/** Whether some request fits both paths, by the patterns of their parameters. */
const areOne = (one: string, other: string): boolean => {
  const [some, others] = [one.split('/'), other.split('/')];
  const fits = (path: string, part: string, word: string): boolean =>
    part.startsWith('{') && (word.startsWith('{') || mayBe(path, part.slice(1, -1), word));
  return (
    some.length === others.length &&
    some.every((part, at) => {
      const word = others[at]!;
      return part === word || fits(one, part, word) || fits(other, word, part);
    })
  );
};

/** A path of fixed words wins over one with parameters; two with as many of them must not fit the same request. */
const parametersIn = (path: string): number => path.split('{').length;

describe('docs/openapi.json', () => {
  it('is what the contracts say; npm run openapi writes it', () => {
    expect(textOf(FILE)).toBe(openApiText());
  });

  it('has the version of the package, like the document of the events', () => {
    const { version } = JSON.parse(textOf('package.json'));
    expect(JSON.parse(openApiText()).info.version).toBe(version);
    expect(asyncApiDocument().info.version).toBe(version);
  });

  it('is accepted by Redocly with its recommended rules: no error, no warning', async () => {
    const { totals, problems } = JSON.parse(await redocly('lint', FILE));
    expect(problems).toEqual([]);
    expect(totals).toEqual({ errors: 0, warnings: 0, ignored: 0 });
  }, 60_000);

  it('is accepted by Spectral with its recommended rules: no error, no warning', async () => {
    const spectral = new Spectral();
    // Its own type says less than what it is.
    spectral.setRuleset({ extends: [[oas as RulesetDefinition, 'recommended']] });
    expect(await spectral.run(JSON.parse(openApiText()))).toEqual([]);
  }, 60_000);

  it('has no two paths that fit the same request', () => {
    const pairs = PATHS.flatMap((one, at) => PATHS.slice(at + 1).map((other) => [one, other] as const));
    const alike = pairs.filter(([one, other]) => parametersIn(one) === parametersIn(other));
    expect(alike.length).toBeGreaterThan(100);
    expect(alike.filter(([one, other]) => areOne(one, other))).toEqual([]);
  });
});

describe('the check of paths', () => {
  it.each([
    ['/api/v1/customer/{id}', '/api/v1/customer/segments', false],
    ['/api/v1/customer/{id}/recall', '/api/v1/customer/erasures/{id}', false],
    ['/api/v1/customer/{id}/recall', '/api/v1/customer/{id}/recall', true],
    ['/api/v1/customer/{unknown}/recall', '/api/v1/customer/erasures/{id}', false],
    ['/api/v1/customer/{unknown}/recall', '/api/v1/customer/erasures/{other}', true],
  ])('%s and %s: %s', (one, other, expected) => {
    expect(areOne(one, other)).toBe(expected);
  });
});
