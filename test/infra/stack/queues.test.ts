import { describe, expect, it } from '@jest/globals';
import { contracts } from '#functions/contracts.ts';
import { synthesis, targetOf, textOf } from '../build/synthesis.ts';

const { main, work } = await synthesis('usual');
const given = await synthesis('on a given bus');
const queues = contracts.filter((contract) => contract.kind === 'queue');
const named = (type: string, property: string, name: string) => {
  const found = work.ofType(type).filter(([, { Properties }]) => Properties[property] === name);
  expect(found).toHaveLength(1);
  const [[id, { Properties }]] = found as [[string, any]];
  return { id, ...Properties };
};
const queueNamed = (name: string) => named('AWS::SQS::Queue', 'QueueName', `CustomerManagement-${name}`);
const arnOf = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });
/** What others may do with a queue: statements that allow something. */
const allowed = (queueId: string): any[] =>
  work
    .ofType('AWS::SQS::QueuePolicy')
    .filter(([, { Properties }]) => Properties['Queues'].some((queue: any) => targetOf(queue) === queueId))
    .flatMap(([, { Properties }]) => Properties['PolicyDocument'].Statement)
    .filter(({ Effect }: any) => Effect === 'Allow');

it('there is a queue at all', () => {
  expect(queues.length).toBeGreaterThan(0);
});

describe.each(queues.map((contract) => [contract.name, contract] as const))(
  'the queue of %s',
  (name, contract) => {
    const events = queueNamed(`${name}-events`);
    const deadLetters = queueNamed(`${name}-dead-letters`);
    const undelivered = queueNamed(`${name}-undelivered`);
    const rule = named('AWS::Events::Rule', 'Name', `CustomerManagement-${name}`);

    it('gets the types of its contract from the bus, and what cannot be put into it goes to another one', () => {
      expect(rule).toMatchObject({
        EventBusName: 'CustomerManagement',
        EventPattern: {
          source:
            contract.sources === 'any-other'
              ? [{ 'anything-but': ['beeoclock.customer'] }]
              : contract.sources,
          'detail-type': contract.types,
        },
        Targets: [{ Arn: arnOf(events.id), DeadLetterConfig: { Arn: arnOf(undelivered.id) } }],
      });
      expect(rule.Targets).toHaveLength(1);
    });

    it('is encrypted, as its last queues are, and each keeps what it has for 14 days', () => {
      for (const queue of [events, deadLetters, undelivered])
        expect(queue).toMatchObject({ SqsManagedSseEnabled: true, MessageRetentionPeriod: 14 * 24 * 3_600 });
    });

    it('may be filled by its rule only', () => {
      for (const queue of [events, undelivered])
        expect(allowed(queue.id)).toEqual([
          {
            Action: 'sqs:SendMessage',
            Condition: { ArnEquals: { 'aws:SourceArn': arnOf(rule.id) } },
            Effect: 'Allow',
            Principal: { Service: 'events.amazonaws.com' },
            Resource: arnOf(queue.id),
          },
        ]);
      expect(allowed(deadLetters.id)).toEqual([]);
    });

    it('gives a message to the dead letters after five receives', () => {
      expect(events.RedrivePolicy).toEqual({
        deadLetterTargetArn: arnOf(deadLetters.id),
        maxReceiveCount: 5,
      });
    });

    it('hides a message for six times the time-out of the function', () => {
      expect(events.VisibilityTimeout).toBe(6 * contract.timeoutSeconds);
    });

    it('is polled for its function: ten at once, partial failures, five batches at a time', () => {
      expect(named('AWS::Lambda::EventSourceMapping', 'FunctionName', `CustomerManagement-${name}`)).toEqual({
        id: expect.any(String),
        FunctionName: `CustomerManagement-${name}`,
        EventSourceArn: arnOf(events.id),
        BatchSize: 10,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        ScalingConfig: { MaximumConcurrency: 5 },
      });
    });
  },
);

describe('the bus', () => {
  it('is one of our own, on which only this account may put events', () => {
    const [[, { Properties }]] = main.ofType('AWS::Events::EventBus') as any;
    expect(Properties.Name).toBe('CustomerManagement');
    const [statement, ...others] = Properties.Policy.Statement;
    expect(others).toEqual([]);
    expect(statement).toMatchObject({ Effect: 'Allow', Action: 'events:PutEvents' });
    expect(textOf(statement.Principal.AWS)).toBe('arn:<AWS::Partition>:iam::<AWS::AccountId>:root');
    expect(textOf(statement.Resource)).toMatch(/:event-bus\/CustomerManagement$/);
  });

  it('may be one that is there already, which the stack then leaves alone', () => {
    expect(given.ofType('AWS::Events::EventBus')).toEqual([]);
    for (const [, { Properties }] of given.ofType('AWS::Events::Rule'))
      expect(Properties['EventBusName']).toBe('company-events');
  });

  it('is an output of the main stack, for the other services', () => {
    const values = Object.values(main.template.Outputs ?? {}).map(({ Value }) => Value);
    expect(values).toContain('CustomerManagement');
  });
});

describe('a log', () => {
  it('has two filters at most: AWS takes no third', () => {
    const logs = work
      .ofType('AWS::Logs::SubscriptionFilter')
      .map(([, { Properties }]) => JSON.stringify(Properties['LogGroupName']));
    for (const filters of Map.groupBy(logs, (log) => log).values())
      expect(filters.length).toBeLessThanOrEqual(2);
  });
});
