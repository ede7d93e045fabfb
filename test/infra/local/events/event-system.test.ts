import { describe, expect, it } from '@jest/globals';
import type {
  EventsDefinition,
  FunctionDefinition,
  MappingDefinition,
  QueueDefinition,
} from '#infra/local/assembly/definitions.ts';
import { EventSystem } from '#infra/local/events/event-system.ts';
import type { Outcome } from '#infra/local/lambda/environment.ts';

const queue = (name: string, more: Partial<QueueDefinition> = {}): QueueDefinition => ({
  ...{ name, arn: `arn:${name}`, path: `/App/${name}` },
  takesFrom: () => true,
  ...more,
});
const target = { name: 'hear', path: '/App/hear/Function' } as FunctionDefinition;

type Batch = { Records: { messageId: string; body: string; attributes: Record<string, string> }[] };

const system = (
  answer: (batch: Batch) => unknown,
  more: { events?: QueueDefinition; mapping?: Partial<MappingDefinition> } = {},
) => {
  const redrive = { afterReceives: 3, deadLettersArn: 'arn:dead' };
  const definition: EventsDefinition = {
    buses: [{ name: 'own', arn: 'arn:own' }],
    rules: [
      {
        ...{ name: 'rule', arn: 'arn:rule', busName: 'own' },
        matches: () => true,
        targets: [{ queueArn: 'arn:events', lastArn: 'arn:last' }],
      },
    ],
    queues: [more.events ?? queue('events', { redrive }), queue('last'), queue('dead')],
    mappings: [
      { queueArn: 'arn:events', target, batchSize: 2, mostAtOnce: 1, isPartial: true, ...more.mapping },
    ],
  };
  const batches: Batch[] = [];
  const invoke = (_target: FunctionDefinition, payload: string): Promise<Outcome> => {
    const batch: Batch = JSON.parse(payload);
    batches.push(batch);
    const said = answer(batch);
    const failed = { errorType: 'E', errorMessage: '', trace: [] };
    return Promise.resolve(
      said === 'throws'
        ? { kind: 'failed', error: failed }
        : { kind: 'answered', payload: JSON.stringify(said ?? null) },
    );
  };
  const events = new EventSystem({ definition, invoke, hiddenMs: 1 });
  const put = (busName = 'own') =>
    events.put({ busName, source: 'a', detailType: 'b', detail: { n: batches.length } }, 'in');
  const quiet = async () => {
    do await new Promise((resolve) => setTimeout(resolve, 10));
    while (
      events.queues().some(({ name, waiting, inFlight }) => name === 'events' && waiting + inFlight > 0)
    );
    return events.queues();
  };
  return { events, batches, put, quiet };
};
const failAll = ({ Records }: Batch) => ({
  batchItemFailures: Records.map(({ messageId }) => ({ itemIdentifier: messageId })),
});

describe('a batch', () => {
  it('has at most as many messages as the mapping says, one batch after the other', async () => {
    const { batches, put, quiet } = system(() => ({ batchItemFailures: [] }));
    for (let count = 0; count < 5; count += 1) put();
    await quiet();
    expect(batches.map(({ Records }) => Records.length)).toEqual([2, 2, 1]);
  });

  it.each([
    ['nothing', () => undefined, 0],
    ['no failures', () => ({ batchItemFailures: [] }), 0],
    ['all as failures', failAll, 1],
    ['an error', () => 'throws', 1],
    ['a text', () => 'text', 1],
    ['a message that was not in it', () => ({ batchItemFailures: [{ itemIdentifier: 'other' }] }), 1],
    ['a failure without a name', () => ({ batchItemFailures: [{}] }), 1],
  ])('that is answered with %s leaves dead letters: %#', async (_what, answer, dead) => {
    const { batches, put, quiet } = system(answer);
    put();
    expect((await quiet()).find(({ name }) => name === 'events')).toMatchObject({ waiting: 0, dead });
    const receives = batches.map(({ Records }) => Records[0]?.attributes['ApproximateReceiveCount']);
    expect(receives).toEqual(dead === 0 ? ['1'] : ['1', '2', '3']);
  });

  it('without partial failures is done when the function ends, whatever it answers', async () => {
    const { put, quiet } = system(failAll, { mapping: { isPartial: false } });
    put();
    expect((await quiet()).find(({ name }) => name === 'events')).toMatchObject({ dead: 0 });
  });
});

describe('an event', () => {
  it('that its queue does not take lies in the last queue of the rule', () => {
    const { events, put } = system(() => undefined, { events: queue('events', { takesFrom: () => false }) });
    put();
    expect(events.queues()).toEqual([
      { name: 'events', waiting: 0, inFlight: 0, dead: 0 },
      { name: 'last', waiting: 1, inFlight: 0, dead: 0 },
    ]);
  });

  it('of another bus passes and goes nowhere', () => {
    const { events, put } = system(() => undefined);
    put('other');
    expect(events.passed(1)).toMatchObject([{ bus: 'other', rules: [] }]);
    expect(events.queues()).toContainEqual({ name: 'events', waiting: 0, inFlight: 0, dead: 0 });
  });
});

describe('a redrive', () => {
  it('brings all dead letters back, with no receive counted', async () => {
    let isMended = false;
    const { events, batches, put, quiet } = system((batch) => (isMended ? undefined : failAll(batch)));
    put();
    await quiet();
    isMended = true;
    expect(events.redrive('hear')).toBe(1);
    expect((await quiet()).find(({ name }) => name === 'events')).toMatchObject({ dead: 0 });
    expect(batches.at(-1)?.Records[0]?.attributes['ApproximateReceiveCount']).toBe('1');
  });
});
