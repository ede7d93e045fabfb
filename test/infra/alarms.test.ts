import { describe, expect, it } from '@jest/globals';
import { contracts } from '#functions/contracts.ts';
import { synthesis, targetOf } from './synthesis.ts';

const { ofType, get } = synthesis({ alarmEmail: 'ops@example.com' });
const alarms = ofType('AWS::CloudWatch::Alarm').map(([, { Properties }]) => Properties);
const lambdaNamed = (id: string): string =>
  String(get(id).Properties['FunctionName']).replace('CustomerManagement-', '');

const alarmsOn = (metric: string): Readonly<Record<string, any>>[] =>
  alarms.filter(({ MetricName }) => MetricName === metric);
const ofFunction = (metric: string, name: string): Readonly<Record<string, any>>[] =>
  alarmsOn(metric).filter(({ Dimensions }) => lambdaNamed(targetOf(Dimensions[0].Value)) === name);

describe('the alarms', () => {
  describe.each(contracts.map((contract) => [contract.name, contract] as const))(
    'of %s',
    (name, contract) => {
      it.each(['Errors', 'Throttles', 'Duration'])('go off on %s and say what people cannot do', (metric) => {
        const found = ofFunction(metric, name);
        expect(found).toHaveLength(1);
        expect(found[0]!['AlarmDescription']).toMatch(new RegExp(`^${contract.impact}`));
      });

      it('go off before the time-out does, on the slowest hundredth', () => {
        const [slow] = ofFunction('Duration', name);
        expect(slow).toMatchObject({ ExtendedStatistic: 'p99' });
        expect(slow!['Threshold']).toBeLessThan(contract.timeoutSeconds * 1_000);
      });
    },
  );

  it.each(
    contracts.filter(({ kind }) => kind === 'schedule' || kind === 'subscription').map(({ name }) => name),
  )('go off on the first dead letter of %s', (name) => {
    const letters = alarmsOn('ApproximateNumberOfMessagesVisible').filter(({ Dimensions }) =>
      targetOf(Dimensions[0].Value).startsWith(name.replaceAll('-', '')),
    );
    expect(letters).toHaveLength(1);
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

  it('go off on answers of 5xx and on each fault of ours, which Lambda counts as success', () => {
    expect(alarmsOn('5xx')).toHaveLength(1);
    expect(alarmsOn('DefectMet')).toMatchObject([{ Namespace: 'CustomerManagement', Threshold: 1 }]);
  });

  it('go off when an access could not be written down', () => {
    expect(alarmsOn('AuditWriteFailed')).toMatchObject([
      { Namespace: 'CustomerManagement', Threshold: 1, Statistic: 'Sum' },
    ]);
  });

  it.each(contracts.filter((contract) => 'purpose' in contract).map(({ name }) => name))(
    'go off when an access that %s accounts for did not reach the access log',
    (name) => {
      const found = alarmsOn('DeliveryErrors').filter(({ Dimensions }) =>
        JSON.stringify(Dimensions).includes(`"${name.replaceAll('-', '')}Log`),
      );
      expect(found).toMatchObject([{ Namespace: 'AWS/Logs', Threshold: 1, Statistic: 'Sum' }]);
      expect(found[0]!['AlarmDescription']).toMatch(/^the privacy officer cannot show who saw what/);
    },
  );

  it('all speak through one topic, which lets CloudWatch in, is encrypted and writes to the operator', () => {
    const [topic, { Properties }] = ofType('AWS::SNS::Topic')[0]!;
    for (const { AlarmActions } of alarms) expect(AlarmActions).toEqual([{ Ref: topic }]);
    expect(Properties['KmsMasterKeyId']).toBeDefined();
    const cloudWatch = { Service: 'cloudwatch.amazonaws.com' };
    const statements = ofType('AWS::SNS::TopicPolicy')[0]![1].Properties['PolicyDocument'].Statement;
    expect(statements).toContainEqual(
      expect.objectContaining({ Effect: 'Allow', Action: 'sns:Publish', Principal: cloudWatch }),
    );
    const key = get(targetOf(Properties['KmsMasterKeyId'])).Properties['KeyPolicy'].Statement;
    expect(key).toContainEqual(
      expect.objectContaining({
        Principal: cloudWatch,
        Action: expect.arrayContaining(['kms:Decrypt', 'kms:GenerateDataKey*']),
      }),
    );
    expect(ofType('AWS::SNS::Subscription')[0]![1].Properties).toMatchObject({
      Protocol: 'email',
      Endpoint: 'ops@example.com',
    });
  });
});
