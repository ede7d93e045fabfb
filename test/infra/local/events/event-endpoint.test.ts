import { EventBridgeClient, ListRulesCommand, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { FunctionDefinition } from '#infra/local/assembly/definitions.ts';
import { type EventEndpoint, startEventEndpoint } from '#infra/local/events/event-endpoint.ts';
import { EventSystem } from '#infra/local/events/event-system.ts';
import { Callers } from '#infra/local/lambda/callers.ts';

const OWN = { name: 'own', arn: 'arn:aws:events:eu-central-1:000000000000:event-bus/own' };
const events = new EventSystem({
  definition: { buses: [OWN], rules: [], queues: [], mappings: [] },
  invoke: () => Promise.reject(new Error('nothing polls')),
});
const callers = new Callers();
const lines: string[] = [];
let endpoint: EventEndpoint;
beforeAll(async () => {
  endpoint = await startEventEndpoint({
    events,
    callers,
    log: (name, line) => lines.push(`${name} ${line}`),
  });
});
afterAll(() => endpoint.stop());

/** The SDK's own client, as the environment of a function configures it. */
const clientOf = (accessKeyId: string): EventBridgeClient =>
  new EventBridgeClient({
    region: 'eu-central-1',
    endpoint: endpoint.url,
    credentials: { accessKeyId, secretAccessKey: 'local' },
    maxAttempts: 1,
  });
const clientWith = (mayDo: FunctionDefinition['mayDo']): EventBridgeClient =>
  clientOf(callers.openSession({ name: 'tell', mayDo } as FunctionDefinition).accessKeyId);
const entry = { EventBusName: 'own', Source: 'a', DetailType: 'b', Detail: '{"c":1}' };

describe('the address for events, called by the SDK', () => {
  it('takes events, by the name or the ARN of the bus', async () => {
    const client = clientWith((action, arn) => action === 'events:PutEvents' && arn === OWN.arn);
    const answer = await client.send(
      new PutEventsCommand({ Entries: [entry, { ...entry, EventBusName: OWN.arn, Time: new Date() }] }),
    );
    expect(answer.FailedEntryCount).toBe(0);
    const ids = answer.Entries?.map(({ EventId }) => EventId).reverse();
    expect(events.passed(10).map(({ id }) => id)).toEqual(ids);
    expect(events.passed(1, 'out')).toMatchObject([{ source: 'a', 'detail-type': 'b', detail: { c: 1 } }]);
    client.destroy();
  });

  it('names what is wrong with one entry, and takes the others', async () => {
    const client = clientWith(() => true);
    const answer = await client.send(new PutEventsCommand({ Entries: [{ ...entry, Detail: '[]' }, entry] }));
    expect(answer.FailedEntryCount).toBe(1);
    expect(answer.Entries?.[0]).toMatchObject({ ErrorCode: 'MalformedDetail' });
    client.destroy();
  });

  it.each([
    ['a role that may not', () => clientWith(() => false), 'AccessDeniedException'],
    ['a key that no environment has', () => clientOf('LOCALUNKNOWN'), 'UnrecognizedClientException'],
  ])('refuses %s, and says so in the log', async (_what, make, name) => {
    const client = make();
    await expect(client.send(new PutEventsCommand({ Entries: [entry] }))).rejects.toMatchObject({ name });
    expect(lines.at(-1)).toContain(name);
    client.destroy();
  });

  it('says which operation it does not play', async () => {
    const client = clientWith(() => true);
    await expect(client.send(new ListRulesCommand({}))).rejects.toThrow(
      'AWSEvents.ListRules is not played here.',
    );
    client.destroy();
  });
});
