import { describe, expect, it } from '@jest/globals';
import { fc } from '#test/support/fast-check.ts';
import { matchRoute, parseRouteKey } from '#infra/local/assembly/routes.ts';

const KEYS = [
  '$default',
  'ANY /{proxy+}',
  'GET /pets/{proxy+}',
  'ANY /pets/dog/{id}',
  'GET /pets/dog/{id}',
  'GET /pets/dog/1',
  'GET /pets/{kind}/{id}',
  'GET /',
];
const match = (keys: readonly string[], method: string, path: string) => {
  const found = matchRoute(keys.map(parseRouteKey), { method, path });
  return found && { key: found.route.key, parameters: found.parameters };
};

describe('the route of a request', () => {
  it.each([
    ['GET', '/pets/dog/1', 'GET /pets/dog/1', {}],
    ['GET', '/pets/dog/2', 'GET /pets/dog/{id}', { id: '2' }],
    ['PUT', '/pets/dog/2', 'ANY /pets/dog/{id}', { id: '2' }],
    ['GET', '/pets/cat/2', 'GET /pets/{kind}/{id}', { kind: 'cat', id: '2' }],
    ['GET', '/pets/cat/2/toys', 'GET /pets/{proxy+}', { proxy: 'cat/2/toys' }],
    ['POST', '/pets/cat', 'ANY /{proxy+}', { proxy: 'pets/cat' }],
    ['GET', '/', 'GET /', {}],
    ['POST', '/', '$default', {}],
  ])('is the most specific one: %s %s takes %s', (method, path, key, parameters) => {
    expect(match(KEYS, method, path)).toEqual({ key, parameters });
    expect(match([...KEYS].reverse(), method, path)).toEqual({ key, parameters });
  });

  it.each([
    ['GET', '/pets/'],
    ['GET', '/pets/1/'],
    ['GET', '/Pets/1'],
    ['DELETE', '/pets/1'],
    ['GET', '/pets'],
  ])('is none for %s %s', (method, path) => {
    expect(match(['GET /pets/{id}'], method, path)).toBeUndefined();
  });

  it('gives every variable its own segment, whatever stands there', () => {
    const segment = fc.string({ minLength: 1, unit: 'grapheme' }).filter((text) => !text.includes('/'));
    fc.assert(
      fc.property(segment, segment, (one, other) => {
        expect(match(['GET /a/{one}/b/{other}'], 'GET', `/a/${one}/b/${other}`)?.parameters).toEqual({
          one,
          other,
        });
      }),
    );
  });
});
