import { setTimeout as pause } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { handler as purge } from '#functions/retention/purge-deleted-customers/handler.ts';
import { aBusiness, added } from '#test/support/a-business.ts';
import { linesWrittenBy } from '#test/support/captured-output.ts';
import { run, useService } from '#test/support/service.ts';

useService('outbox-filled');

const filledBy = async (steps: () => Promise<unknown>): Promise<any[]> =>
  (await linesWrittenBy(steps))
    .map((line) => JSON.parse(line))
    .filter(({ message }) => message === 'outbox-filled');

describe('the line that starts the publishing', () => {
  const business = aBusiness();
  // One may have been written just now.
  beforeEach(() => pause(1_050));

  it('is written once for the commits of a second, and names the request and nothing of the customer', async () => {
    const lines = await filledBy(async () => {
      const { _id } = await added(business);
      await business.change(_id, { note: 'canary note' });
    });
    expect(lines).toHaveLength(1);
    expect(Object.keys(lines[0]).sort()).toEqual(
      ['invocationId', 'level', 'message', 'requestId', 'service', 'timestamp', 'useCase'].sort(),
    );
    expect(lines[0]).toMatchObject({ level: 'INFO', useCase: 'create-customer' });
  });

  it('is written again in the next second', async () => {
    const lines = await filledBy(async () => {
      await added(business);
      await pause(1_050);
      await added(business);
    });
    expect(lines).toHaveLength(2);
  });

  it('is not written for what changes nothing, is refused, is only rehearsed or has no events', async () => {
    const lines = await filledBy(async () => {
      await business.create({});
      await business.find();
      await business.bulk([{ create: { firstName: 'Canary Zoe', customerType: 'new' } }], {
        body: { operations: [{ create: { firstName: 'Canary Zoe', customerType: 'new' } }], dryRun: true },
      });
      await business.chooseSettings({ retentionDays: 30 });
      await run(purge, {});
    });
    expect(lines).toEqual([]);
  });
});
