import { describe, expect, it } from '@jest/globals';
import type { Resource } from '#infra/local/assembly/cloud-assembly.ts';
import type { FunctionDefinition } from '#infra/local/assembly/definitions.ts';
import { readEvents } from '#infra/local/assembly/events.ts';
import { localArn, resolver } from '#infra/local/assembly/intrinsic.ts';

const resource = (id: string, type: string, properties: object): Resource => ({
  ...{ id, type, stack: 'App', path: `/App/${id}/Resource` },
  properties: { ...properties },
});
const arn = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });

const policy = (statement: object): Resource =>
  resource('Policy', 'AWS::SQS::QueuePolicy', {
    Queues: [{ Ref: 'Events' }],
    PolicyDocument: {
      Statement: [
        {
          Effect: 'Allow',
          Action: 'sqs:SendMessage',
          Principal: { Service: 'events.amazonaws.com' },
          Resource: arn('Events'),
          Condition: { ArnEquals: { 'aws:SourceArn': arn('Rule') } },
          ...statement,
        },
      ],
    },
  });

const whole = {
  bus: resource('Bus', 'AWS::Events::EventBus', { Name: 'own' }),
  dead: resource('Dead', 'AWS::SQS::Queue', { QueueName: 'dead' }),
  events: resource('Events', 'AWS::SQS::Queue', {
    QueueName: 'events',
    RedrivePolicy: { deadLetterTargetArn: arn('Dead'), maxReceiveCount: 5 },
  }),
  rule: resource('Rule', 'AWS::Events::Rule', {
    Name: 'rule',
    EventBusName: 'own',
    EventPattern: { source: ['a'] },
    Targets: [{ Id: 't', Arn: arn('Events'), DeadLetterConfig: { Arn: arn('Dead') } }],
  }),
  mapping: resource('Mapping', 'AWS::Lambda::EventSourceMapping', {
    FunctionName: 'hear',
    EventSourceArn: arn('Events'),
    FunctionResponseTypes: ['ReportBatchItemFailures'],
    ScalingConfig: { MaximumConcurrency: 5 },
  }),
  policy: policy({}),
};

const read = (overrides: Partial<typeof whole> = {}, mayDo: FunctionDefinition['mayDo'] = () => true) => {
  const resources = Object.values({ ...whole, ...overrides });
  const stack = {
    name: 'App',
    resources: new Map(resources.map((one) => [one.id, one])),
    parameters: new Map<string, unknown>(),
    outputs: new Map<string, unknown>(),
  };
  const resolve = resolver({ stacks: new Map([['App', stack]]), assetFolder: () => undefined });
  return readEvents(resources, resolve, () => ({ name: 'hear', mayDo }) as FunctionDefinition);
};
const withProperty = (one: Resource, property: object): Resource => ({
  ...one,
  properties: { ...one.properties, ...property },
});

describe('buses, rules, queues and mappings of a template', () => {
  it('are read with what leads from one to the other', () => {
    const { buses, rules, queues, mappings } = read();
    const events = localArn(whole.events);
    expect(buses).toEqual([{ name: 'own', arn: localArn(whole.bus) }]);
    expect(rules).toMatchObject([
      { busName: 'own', targets: [{ queueArn: events, lastArn: localArn(whole.dead) }] },
    ]);
    expect(queues.find(({ name }) => name === 'events')).toMatchObject({
      redrive: { afterReceives: 5, deadLettersArn: localArn(whole.dead) },
    });
    expect(mappings).toMatchObject([{ queueArn: events, batchSize: 10, mostAtOnce: 5, isPartial: true }]);
  });

  it('have a bus that a rule only names', () => {
    const rule = withProperty(whole.rule, { EventBusName: 'given' });
    expect(read({ rule }).buses.map(({ name }) => name)).toEqual(['own', 'given']);
  });

  it.each([
    ['bus', { KmsKeyIdentifier: 'k' }],
    ['rule', { ScheduleExpression: 'rate(1 day)' }],
    ['rule', { State: 'DISABLED' }],
    ['rule', { Targets: [{ Id: 't', Arn: arn('Events'), InputTransformer: {} }] }],
    ['events', { FifoQueue: true }],
    ['mapping', { FilterCriteria: {} }],
  ] as const)('are an error that names the %s with %j', (name, property) => {
    const unplayed = withProperty(whole[name], property);
    expect(() => read({ [name]: unplayed })).toThrow(`${unplayed.path} has `);
  });

  it('are an error that names the rule when it leads to no queue', () => {
    const rule = withProperty(whole.rule, { Targets: [{ Id: 't', Arn: 'arn:elsewhere' }] });
    expect(() => read({ rule })).toThrow('/App/Rule/Resource leads to arn:elsewhere, which is not a queue');
  });

  it.each(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'])(
    'are an error that names the mapping when the role may not %s',
    (lacking) => {
      expect(() => read({}, (action) => action !== lacking)).toThrow(
        `/App/Mapping/Resource polls for hear, whose role does not allow ${lacking}`,
      );
    },
  );
});

describe('a queue', () => {
  const ruleArn = localArn(whole.rule);
  const takes = (statement: object): boolean | undefined =>
    read({ policy: policy(statement) })
      .queues.find(({ name }) => name === 'events')
      ?.takesFrom(ruleArn);

  it.each([
    [{}, true],
    [{ Condition: {} }, true],
    [{ Condition: { ArnEquals: { 'aws:SourceArn': 'arn:other' } } }, false],
    [{ Effect: 'Deny' }, false],
    [{ Action: 'sqs:ReceiveMessage' }, false],
    [{ Principal: { Service: 'sns.amazonaws.com' } }, false],
    [{ Resource: arn('Dead') }, false],
  ])('whose policy has %j takes the events of its rule: %s', (statement, isTaken) => {
    expect(takes(statement)).toBe(isTaken);
  });
});
