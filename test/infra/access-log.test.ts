import { describe, expect, it } from '@jest/globals';
import { contracts } from '#functions/contracts.ts';
import { contract } from '#functions/keep-access-log/contract.ts';
import { type Resource, synthesis, targetOf } from './synthesis.ts';

const { ofType, get } = synthesis({ alarmEmail: 'ops@example.com' });
const [keeper, keeperFunction] = ofType('AWS::Lambda::Function').find(
  ([, { Properties }]) => Properties['FunctionName'] === `CustomerManagement-${contract.name}`,
)!;
const keptIn = targetOf(keeperFunction.Properties['LoggingConfig'].LogGroup);
const filters = ofType('AWS::Logs::SubscriptionFilter').map(([, { Properties }]) => Properties);

/** The contract whose function writes into a log group. */
const writerOf = (logGroup: string): string => {
  const [[, { Properties }]] = ofType('AWS::Lambda::Function').filter(
    ([, lambda]) => targetOf(lambda.Properties['LoggingConfig'].LogGroup) === logGroup,
  ) as [[string, Resource]];
  return Properties['FunctionName'].replace('CustomerManagement-', '');
};
const accountable = contracts.filter((one) => one.kind === 'route' && one.purpose !== undefined);

describe('the access log', () => {
  it('is a log group of its own, kept for 13 months, by nobody deleted by mistake nor with the stack', () => {
    const group = get(keptIn);
    expect(group.Properties).toEqual({ RetentionInDays: 400, DeletionProtectionEnabled: true });
    expect(group).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
  });

  it('gets the lines of every function that accounts for accesses, and of no other: not its own', () => {
    const sources = filters.map(({ LogGroupName }) => writerOf(targetOf(LogGroupName)));
    expect(sources.sort()).toEqual(accountable.map(({ name }) => name).sort());
  });

  it('gets its two events and nothing else of them', () => {
    const pattern = '{ ($.message = "customer-accessed") || ($.message = "access-denied") }';
    for (const { FilterPattern, DestinationArn, FilterName } of filters)
      expect([FilterPattern, targetOf(DestinationArn), FilterName]).toEqual([pattern, keeper, contract.name]);
  });

  it('is written only when the log service hands over lines of those very groups', () => {
    const permissions = ofType('AWS::Lambda::Permission').filter(
      ([, { Properties }]) => targetOf(Properties['FunctionName']) === keeper,
    );
    expect(permissions).toHaveLength(accountable.length);
    for (const [, { Properties }] of permissions) {
      expect(Properties).toMatchObject({ Action: 'lambda:InvokeFunction', Principal: 'logs.amazonaws.com' });
      expect(get(targetOf(Properties['SourceArn'])).Type).toBe('AWS::Logs::LogGroup');
    }
    const sources = permissions.map(([, { Properties }]) => targetOf(Properties['SourceArn']));
    expect(sources.sort()).toEqual(filters.map(({ LogGroupName }) => targetOf(LogGroupName)).sort());
  });

  it('loses nothing for a fault of some hours: three tries within six hours, then a queue for fourteen days', () => {
    const [[, { Properties }]] = ofType('AWS::Lambda::EventInvokeConfig').filter(
      ([, config]) => targetOf(config.Properties['FunctionName']) === keeper,
    ) as [[string, Resource]];
    expect(Properties).toMatchObject({ MaximumRetryAttempts: 2, MaximumEventAgeInSeconds: 6 * 3_600 });
    const queue = get(targetOf(Properties['DestinationConfig'].OnFailure.Destination));
    expect(queue.Properties).toMatchObject({
      MessageRetentionPeriod: 14 * 24 * 3_600,
      SqsManagedSseEnabled: true,
    });
  });

  it('has a function that reads no secret and knows nothing of the database', () => {
    const { Variables } = keeperFunction.Properties['Environment'];
    expect(Object.keys(Variables).sort()).toEqual(['POWERTOOLS_LOG_LEVEL', 'POWERTOOLS_SERVICE_NAME']);
  });
});
