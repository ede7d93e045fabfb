import { describe, expect, it } from '@jest/globals';
import { contracts } from '#functions/contracts.ts';
import { synthesis, targetOf } from '../build/synthesis.ts';

const { main, watch, ofType, outputOf } = await synthesis('usual');
const alarms = ofType('AWS::CloudWatch::Alarm').map(([, { Properties }]) => Properties);
const names = (type: string, property: string): string[] =>
  ofType(type).map(([, { Properties }]) => Properties[property]);
const functions = names('AWS::Lambda::Function', 'FunctionName');
const queues = names('AWS::SQS::Queue', 'QueueName');

const alarmsOn = (metric: string): Readonly<Record<string, any>>[] =>
  alarms.filter(({ MetricName }) => MetricName === metric);
const ofFunction = (metric: string, name: string): Readonly<Record<string, any>>[] =>
  alarmsOn(metric).filter(({ Dimensions }) => Dimensions[0].Value === `CustomerManagement-${name}`);
/** What people cannot do, as the first sentence of an alarm. */
const sentence = (impact: string): string => `${impact[0]!.toUpperCase()}${impact.slice(1)}. `;

describe('the alarms', () => {
  it('are a stack of their own, which holds nothing else', () => {
    expect(watch.ofType('AWS::CloudWatch::Alarm')).toHaveLength(alarms.length);
    expect(Object.keys(watch.template.Resources)).toHaveLength(alarms.length);
  });

  it('have names that a person can read, each its own', () => {
    const named = alarms.map(({ AlarmName }) => AlarmName);
    expect(new Set(named).size).toBe(alarms.length);
    for (const name of named) expect(name).toMatch(/^CustomerManagement(-[a-z0-9]+)+$/);
    expect(named).toEqual(expect.arrayContaining(['CustomerManagement-create-customer-errors']));
  });

  describe.each(contracts.map((contract) => [contract.name, contract] as const))(
    'of %s',
    (name, contract) => {
      it.each(['Errors', 'Throttles', 'Duration'])('go off on %s and say what people cannot do', (metric) => {
        const found = ofFunction(metric, name);
        expect(found).toHaveLength(1);
        expect(found[0]!['AlarmDescription'].startsWith(sentence(contract.impact))).toBe(true);
        expect(found[0]!['AlarmDescription']).toContain(`function ${name}`);
        expect(functions).toContain(found[0]!['Dimensions'][0].Value);
      });

      it('go off before the time-out does, on the slowest hundredth', () => {
        const [slow] = ofFunction('Duration', name);
        expect(slow).toMatchObject({ ExtendedStatistic: 'p99' });
        expect(slow!['Threshold']).toBeLessThan(contract.timeoutSeconds * 1_000);
      });
    },
  );

  const queuesOf = (kinds: readonly string[], last: string): string[] =>
    contracts.filter(({ kind }) => kinds.includes(kind)).map(({ name }) => `${name}-${last}`);

  it.each([
    ...queuesOf(['schedule', 'subscription', 'queue'], 'dead-letters'),
    ...queuesOf(['queue'], 'undelivered'),
  ])('go off on the first message in %s', (last) => {
    const queue = `CustomerManagement-${last}`;
    const letters = alarmsOn('ApproximateNumberOfMessagesVisible').filter(
      ({ Dimensions }) => Dimensions[0].Value === queue,
    );
    expect(letters).toHaveLength(1);
    expect(queues).toContain(queue);
    expect(letters[0]).toMatchObject({ Threshold: 1, Statistic: 'Maximum', EvaluationPeriods: 1 });
  });

  it('go off when no purge has finished for 48 hours, silence being the worst sign', () => {
    const [heartbeat] = alarmsOn('PurgeCompleted');
    expect(heartbeat).toMatchObject({
      Namespace: 'CustomerManagement',
      Dimensions: [{ Name: 'service', Value: 'customer-management' }],
      Statistic: 'Sum',
      Threshold: 1,
      ComparisonOperator: 'LessThanThreshold',
      TreatMissingData: 'breaching',
    });
    expect(heartbeat!['Period'] * heartbeat!['EvaluationPeriods']).toBe(48 * 3_600);
    expect(heartbeat!['DatapointsToAlarm'] ?? heartbeat!['EvaluationPeriods']).toBe(
      heartbeat!['EvaluationPeriods'],
    );
  });

  it('go off when an erasure has not finished for a day, when one is not in the ledger, and when nobody looked for an hour', () => {
    expect(alarmsOn('ErasureOverdue')).toHaveLength(1);
    expect(alarmsOn('LedgerOverdue')).toHaveLength(1);
    const [heartbeat] = alarmsOn('ErasuresChecked');
    expect(heartbeat).toMatchObject({
      Statistic: 'Sum',
      Period: 3_600,
      Threshold: 1,
      ComparisonOperator: 'LessThanThreshold',
      TreatMissingData: 'breaching',
    });
  });

  it('go off when an event has waited for five minutes, silence being as bad', () => {
    expect(alarmsOn('OutboxLagSeconds')).toMatchObject([
      {
        Namespace: 'CustomerManagement',
        Dimensions: [{ Name: 'service', Value: 'customer-management' }],
        ...{ Statistic: 'Maximum', Period: 300, EvaluationPeriods: 1, Threshold: 300 },
        ComparisonOperator: 'GreaterThanOrEqualToThreshold',
        TreatMissingData: 'breaching',
      },
    ]);
  });

  it('go off on answers of 5xx and on each fault of ours, which Lambda counts as success', () => {
    expect(alarmsOn('5xx')).toHaveLength(1);
    expect(outputOf(alarmsOn('5xx')[0]!['Dimensions'][0].Value)).toEqual({
      Ref: main.ofType('AWS::ApiGatewayV2::Api')[0]![0],
    });
    expect(alarmsOn('DefectMet')).toMatchObject([{ Namespace: 'CustomerManagement', Threshold: 1 }]);
  });

  it('go off when one caller is denied often; the metric names no caller, because each would be a metric of its own', () => {
    const [often, ...others] = alarmsOn('CallerDeniedOften');
    expect(others).toEqual([]);
    expect(often).toMatchObject({
      Namespace: 'CustomerManagement',
      Threshold: 1,
      Statistic: 'Sum',
      Dimensions: [{ Name: 'service', Value: 'customer-management' }],
    });
    expect(often!['AlarmDescription']).toContain("'caller-denied-often'");
  });

  it('go off when a refusal could not be kept for its address', () => {
    const found = alarmsOn('PepperMissing');
    expect(found).toMatchObject([{ Namespace: 'CustomerManagement', Threshold: 1, Statistic: 'Sum' }]);
    expect(found[0]!['AlarmDescription']).toContain('keyring add-pepper');
  });

  it('go off when an access could not be written down', () => {
    expect(alarmsOn('AuditWriteFailed')).toMatchObject([
      { Namespace: 'CustomerManagement', Threshold: 1, Statistic: 'Sum' },
    ]);
  });

  it('go off on the first report of a caller that was denied many times', () => {
    const found = alarmsOn('CallerDeniedOften');
    expect(found).toMatchObject([
      {
        Namespace: 'CustomerManagement',
        Dimensions: [{ Name: 'service', Value: 'customer-management' }],
        Threshold: 1,
        Statistic: 'Sum',
        EvaluationPeriods: 1,
        ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      },
    ]);
    expect(found[0]!['AlarmDescription']).toContain("'caller-denied-often'");
  });

  it.each(contracts.filter((contract) => 'purpose' in contract).map(({ name }) => name))(
    'go off when an access that %s accounts for did not reach the access log',
    (name) => {
      const found = alarmsOn('DeliveryErrors').filter(({ Dimensions }) => {
        const [group] = Dimensions.filter(({ Name }: { Name: string }) => Name === 'LogGroupName');
        return group.Value === `/aws/lambda/CustomerManagement-${name}`;
      });
      expect(found).toMatchObject([{ Namespace: 'AWS/Logs', Threshold: 1, Statistic: 'Sum' }]);
      expect(found[0]!['AlarmDescription']).toMatch(/^The privacy officer cannot show who saw what\./);
    },
  );

  it('all speak through one topic, which lets CloudWatch in, is encrypted and writes to the operator', () => {
    const [topic, { Properties }] = main.ofType('AWS::SNS::Topic')[0]!;
    for (const { AlarmActions } of alarms) expect(AlarmActions.map(outputOf)).toEqual([{ Ref: topic }]);
    expect(Properties['KmsMasterKeyId']).toBeDefined();
    const cloudWatch = { Service: 'cloudwatch.amazonaws.com' };
    const statements = main.ofType('AWS::SNS::TopicPolicy')[0]![1].Properties['PolicyDocument'].Statement;
    expect(statements).toContainEqual(
      expect.objectContaining({ Effect: 'Allow', Action: 'sns:Publish', Principal: cloudWatch }),
    );
    const key = main.get(targetOf(Properties['KmsMasterKeyId'])).Properties['KeyPolicy'].Statement;
    expect(key).toContainEqual(
      expect.objectContaining({
        Principal: cloudWatch,
        Action: expect.arrayContaining(['kms:Decrypt', 'kms:GenerateDataKey*']),
      }),
    );
    expect(main.ofType('AWS::SNS::Subscription')[0]![1].Properties).toMatchObject({
      Protocol: 'email',
      Endpoint: 'ops@example.com',
    });
  });
});
