import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import type { FunctionDefinition, SubscriptionDefinition } from '#infra/local/assembly/definitions.ts';
import type { Outcome } from '#infra/local/lambda/environment.ts';
import { Subscriptions } from '#infra/local/logs/subscriptions.ts';

const target = { name: 'keep' } as FunctionDefinition;
const subscription: SubscriptionDefinition = {
  name: 'kept',
  logGroup: 'group-of-get',
  sources: ['get'],
  matches: (line) => line.includes('access'),
  target,
};
const ANSWERED: Outcome = { kind: 'answered', payload: 'null' };
const FAILED: Outcome = { kind: 'failed', error: { errorType: 'E', errorMessage: 'm', trace: [] } };

/** Subscriptions whose target fails so often at first, and what it was given. */
const aTarget = (failures = 0) => {
  const given: any[] = [];
  const subscriptions = new Subscriptions([subscription], (to, payload) => {
    expect(to).toBe(target);
    const { data } = JSON.parse(payload).awslogs;
    given.push(JSON.parse(gunzipSync(Buffer.from(data, 'base64')).toString()));
    return Promise.resolve(given.length <= failures ? FAILED : ANSWERED);
  });
  return { subscriptions, given };
};
const messagesIn = (given: any[]) =>
  given.map(({ logEvents }) => logEvents.map(({ message }: any) => message));

describe('subscription filters', () => {
  it('deliver matching lines packed as CloudWatch Logs packs them', async () => {
    const { subscriptions, given } = aTarget();
    subscriptions.take('get', 'access 1');
    await subscriptions.settle();
    expect(given).toEqual([
      {
        messageType: 'DATA_MESSAGE',
        owner: '000000000000',
        logGroup: 'group-of-get',
        logStream: 'local',
        subscriptionFilters: ['kept'],
        logEvents: [
          { id: expect.stringMatching(/^\d{56}$/), timestamp: expect.any(Number), message: 'access 1' },
        ],
      },
    ]);
  });

  it('deliver together, in order, what came at once; and what came later after it', async () => {
    const { subscriptions, given } = aTarget();
    subscriptions.take('get', 'access 1');
    subscriptions.take('get', 'access 2');
    await subscriptions.settle();
    subscriptions.take('get', 'access 3');
    await subscriptions.settle();
    expect(messagesIn(given)).toEqual([['access 1', 'access 2'], ['access 3']]);
  });

  it('deliver no other line, and none of another function', async () => {
    const { subscriptions, given } = aTarget();
    subscriptions.take('get', 'something else');
    subscriptions.take('keep', 'access of the target itself');
    await subscriptions.settle();
    expect(given).toEqual([]);
  });

  it.each([
    [1, 2],
    [2, 3],
    [9, 3],
  ])('try %i failures %i times', async (failures, tries) => {
    const { subscriptions, given } = aTarget(failures);
    subscriptions.take('get', 'access 1');
    await subscriptions.settle();
    expect(messagesIn(given)).toEqual(Array.from({ length: tries }, () => ['access 1']));
  });
});
