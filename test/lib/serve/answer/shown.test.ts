import { describe, expect, it } from '@jest/globals';
import { shownIn } from '#lib/serve/answer/shown.ts';

describe('shownIn', () => {
  it.each<[string, unknown, readonly string[], readonly string[]]>([
    ['a customer', { _id: 'a', email: null }, ['a'], ['_id', 'email']],
    [
      'a page',
      {
        items: [
          { _id: 'a', phone: '1' },
          { _id: 'b', note: 'n' },
        ],
        totalSize: 2,
      },
      ['a', 'b'],
      ['_id', 'phone', 'note'],
    ],
    ['one customer twice', { items: [{ _id: 'a' }, { _id: 'a' }] }, ['a'], ['_id']],
    [
      'a customer deep inside',
      { results: [{ status: 200, customer: { _id: 'a', name: 'x' } }] },
      ['a'],
      ['_id', 'name'],
    ],
    [
      'an export',
      {
        object: 'CustomerExport',
        customer: { _id: 'a', name: 'x' },
        changes: [{ at: 'y' }],
        nextCursor: undefined,
      },
      ['a'],
      ['_id', 'name', 'object', 'customer', 'changes'],
    ],
    ['an empty page', { items: [], totalSize: 0 }, [], []],
    [
      'a history, which names no id',
      {
        items: [
          { seq: 1, at: 'x' },
          { seq: 2, to: 'y' },
        ],
        verified: true,
      },
      [],
      ['seq', 'at', 'to'],
    ],
    ['settings', { uniqueEmail: true, retentionDays: 90 }, [], ['uniqueEmail', 'retentionDays']],
    ['no object at all', 'text', [], []],
    ['nothing', null, [], []],
  ])('reads %s', (_what, body, customers, fields) => {
    expect(shownIn(body)).toEqual({ customers, fields });
  });
});
