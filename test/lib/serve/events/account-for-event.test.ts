import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { defineQueue } from '#lib/contract/queue.ts';
import { accountForEvent } from '#lib/serve/events/account-for-event.ts';
import { isAccessLine } from '#test/support/access-lines.ts';
import { aScope } from '#test/support/a-scope.ts';
import { linesWrittenBy, metricsIn } from '#test/support/captured-output.ts';

const BUSINESS = 'a'.repeat(24);
const CUSTOMER = 'b'.repeat(24);
const contract = defineQueue({
  ...{ name: 'hear', summary: 'Hear', impact: 'nobody hears', sources: ['a'], types: ['b'], needs: [] },
  ...{ permission: 'RECORD_CUSTOMER_ACTIVITY', purpose: 'serve-customer', input: z.object({}) },
});
const scope = aScope(BUSINESS, { role: 'SERVICE', actorId: 'event:a' });
const account = (fields: readonly string[], effect: 'none' | 'saved', by = scope) =>
  accountForEvent(contract, { concerned: { customers: [CUSTOMER], fields }, effect: effect as never }, by);
const entryOf = async (steps: () => Promise<void>) =>
  JSON.parse((await linesWrittenBy(steps)).filter(isAccessLine).join());

describe('the entry of an event in the access log', () => {
  it('says who did what for whom, and whether anything changed', async () => {
    const { timestamp: _, ...entry } = await entryOf(() => account(['email', 'firstName'], 'none'));
    expect(entry).toEqual({
      ...{
        message: 'customer-accessed',
        requestId: scope.requestId,
        useCase: 'hear',
        purpose: 'serve-customer',
      },
      ...{ actor: 'event:a', role: 'SERVICE', business: BUSINESS, outcome: 'unchanged', status: 200 },
      ...{ filters: [], fields: ['email', 'firstName'], masked: [], customers: [CUSTOMER] },
    });
    expect(await entryOf(() => account([], 'saved'))).toMatchObject({ outcome: 'changed', fields: [] });
  });

  it('marks the fields that the role sees masked, of those that were read', async () => {
    const support = aScope(BUSINESS, { role: 'SUPPORT' });
    expect(await entryOf(() => account(['firstName', 'email'], 'none', support))).toMatchObject({
      masked: ['email'],
    });
  });

  it('that cannot be written fails the event, and is counted', async () => {
    const lines = await linesWrittenBy(async () => {
      const heard = process.stdout.write.bind(process.stdout);
      process.stdout.write = (chunk: any, ...more: any[]) => {
        if (!isAccessLine(String(chunk))) return heard(chunk, ...more);
        more.at(-1)(new Error('EPIPE'));
        return false;
      };
      await expect(account([], 'none')).rejects.toMatchObject({ cause: { message: 'EPIPE' } });
    });
    expect(metricsIn(lines)).toEqual(['AuditWriteFailed']);
  });
});
