import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { sentParameters } from '#lib/serve/request/query-parameters.ts';

const schema = z
  .object({ page: z.string().optional(), pageSize: z.string().optional(), orderBy: z.string().optional() })
  .refine(() => true);

const namesIn = (sent: Readonly<Record<string, string | undefined>>): string[] =>
  sentParameters(schema, sent).unknown.map(({ pointer }) => pointer);

describe('sentParameters', () => {
  it('gives those that have a value', () => {
    const { values, unknown } = sentParameters(schema, { page: '1', pageSize: '', orderBy: undefined });
    expect([values, unknown]).toEqual([{ page: '1' }, []]);
  });

  it('keeps a blank value: only an empty one is absent', () => {
    expect(sentParameters(schema, { page: ' ' }).values).toEqual({ page: ' ' });
  });

  it('finds each parameter that the route does not have, unless it is empty', () => {
    expect(namesIn({ page: '1', Page: '1', size: '2', email: '' })).toEqual(['#/Page', '#/size']);
  });

  it.each([
    ...['x-business-tenant-id', 'X-Business-Tenant-Id', 'X-BUSINESS-TENANT-ID'],
    ...['members', 'statuses', 'services', 'members[]', 'statuses[]', 'services[]'],
  ])('ignores %s, which the panel may add', (name) => {
    expect(namesIn({ [name]: 'x' })).toEqual([]);
  });

  it.each([
    ...['business-tenant-id', 'x-business-tenant-id[]', 'x-x-business-tenant-id', 'Members', 'members[0]'],
    ...['members[]x', 'xmembers', 'member', '__proto__', 'constructor', 'page[]'],
  ])('does not ignore %s', (name) => {
    expect(namesIn(Object.fromEntries([[name, 'x']]))).toEqual([`#/${name}`]);
  });

  it('shortens a name to 60 characters', () => {
    expect(namesIn({ ['x'.repeat(61)]: '1' })).toEqual([`#/${'x'.repeat(60)}`]);
  });

  it.each(['canary@example.com', '48512345678', '+48512345678', 'Anna Canary', 'a/b', 'ż', ''])(
    'does not repeat %j, which may be a value',
    (name) => {
      const { unknown, hint } = sentParameters(schema, { [name]: '1' });
      expect(unknown).toEqual([
        {
          in: 'query',
          pointer: '#',
          error: 'unknown-parameter',
          message: 'The name of a query parameter is not valid.',
        },
      ]);
      expect(hint).toBe('Use one of these: `page`, `pageSize`, `orderBy`.');
    },
  );

  it.each([
    ['the nearest one', ['pagesize'], 'Did you mean `pageSize`?'],
    ['each nearest one once', ['pagesize', 'PAGESIZE', 'orderby'], 'Did you mean `pageSize`, `orderBy`?'],
    ['only those that are near', ['email', 'orderby'], 'Did you mean `orderBy`?'],
    ['all when none is near', ['email'], 'Use one of these: `page`, `pageSize`, `orderBy`.'],
  ])('names %s', (_what, names, hint) => {
    expect(sentParameters(schema, Object.fromEntries(names.map((name) => [name, '1']))).hint).toBe(hint);
  });

  it('gives each of them the name that is nearest to it', () => {
    const { unknown } = sentParameters(schema, { email: '1', orderby: '1' });
    expect(unknown).toEqual([
      {
        in: 'query',
        pointer: '#/email',
        error: 'unknown-parameter',
        message: 'This parameter does not exist.',
      },
      {
        in: 'query',
        pointer: '#/orderby',
        error: 'unknown-parameter',
        message: 'This parameter does not exist. The nearest one is `orderBy`.',
      },
    ]);
  });

  it('finds every parameter where the route has none', () => {
    const { unknown, hint } = sentParameters(undefined, { page: '1', members: '2' });
    expect(unknown.map(({ pointer }) => pointer)).toEqual(['#/page']);
    expect(hint).toBe('This route has no query parameters. Leave it out.');
  });
});
