import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { defineQueue, OWN_SOURCE } from '#lib/contract/queue.ts';

const definition = {
  ...{ name: 'hear', summary: 'Hear', impact: 'nobody hears', needs: [], input: z.object({}) },
  sources: ['a'],
  types: ['b'],
  permission: 'RECORD_CUSTOMER_ACTIVITY',
  purpose: 'serve-customer',
} as const;

describe('the contract of a queue', () => {
  it('has a minute for a batch, and its own size where it says one', () => {
    expect(defineQueue({ ...definition })).toEqual({
      ...definition,
      ...{ kind: 'queue', memoryMb: 1_024, timeoutSeconds: 60 },
    });
    expect(defineQueue({ ...definition, timeoutSeconds: 30 })).toMatchObject({ timeoutSeconds: 30 });
  });

  it('hears others than this service', () => {
    expect(OWN_SOURCE).toBe('beeoclock.customer');
  });
});
