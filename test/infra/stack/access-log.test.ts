import { describe, expect, it } from '@jest/globals';
import { contracts } from '#functions/contracts.ts';
import { contract } from '#functions/histories/keep-access-log/contract.ts';
import { type Resource, synthesis, targetOf, textOf } from '../build/synthesis.ts';

const { main, work, ofType } = await synthesis('usual');
const keeperName = `CustomerManagement-${contract.name}`;
const [, keeperFunction] = main
  .ofType('AWS::Lambda::Function')
  .find(([, { Properties }]) => Properties['FunctionName'] === keeperName)!;
const keptIn = targetOf(keeperFunction.Properties['LoggingConfig'].LogGroup);
const isOwn = ([, { Properties }]: [string, Resource]) => Properties['FilterName'] === contract.name;
const ownFilters = ofType('AWS::Logs::SubscriptionFilter').filter(isOwn);
const filters = ownFilters.map(([, { Properties }]) => Properties);
/** The contract whose function writes into a log group. */
const writerOf = (logGroupName: string): string => {
  const [[, { Properties }]] = main
    .ofType('AWS::Lambda::Function')
    .filter(
      ([, lambda]) =>
        main.get(targetOf(lambda.Properties['LoggingConfig'].LogGroup)).Properties['LogGroupName'] ===
        logGroupName,
    ) as [[string, Resource]];
  return Properties['FunctionName'].replace('CustomerManagement-', '');
};
/** Routes that show customers, and tasks that add to histories. */
const accountable = contracts.filter((one) => 'purpose' in one);

describe('the access log', () => {
  it('is a separate log group, kept for 13 months, protected from deletion and kept when the stack is deleted', () => {
    const group = main.get(keptIn);
    expect(group.Properties).toEqual({ RetentionInDays: 400, DeletionProtectionEnabled: true });
    expect(group).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
  });

  it('gets the lines of every function that accounts for accesses, and of no other: not its own', () => {
    const sources = filters.map((filter) => writerOf(filter['LogGroupName']));
    expect(sources.sort()).toEqual(accountable.map(({ name }) => name).sort());
  });

  it('gets its three events and nothing else of them', () => {
    const events = ['customer-accessed', 'access-denied', 'history-extended'];
    const pattern = `{ ${events.map((event) => `($.message = "${event}")`).join(' || ')} }`;
    for (const { FilterPattern, DestinationArn, FilterName } of filters)
      expect([FilterPattern, textOf(DestinationArn), FilterName]).toEqual([
        pattern,
        `arn:<AWS::Partition>:lambda:<AWS::Region>:<AWS::AccountId>:function:${keeperName}`,
        contract.name,
      ]);
  });

  it('is written only by the log service, for logs of the main stack in this account: one permission for all', () => {
    const permissions = ofType('AWS::Lambda::Permission').filter(([, { Properties }]) =>
      JSON.stringify(Properties['FunctionName']).includes(contract.name),
    );
    expect(permissions).toHaveLength(1);
    const [[id, { Properties }]] = permissions as [[string, Resource]];
    expect(Properties).toMatchObject({
      Action: 'lambda:InvokeFunction',
      FunctionName: keeperName,
      Principal: 'logs.amazonaws.com',
      SourceAccount: { Ref: 'AWS::AccountId' },
    });
    expect(textOf(Properties['SourceArn'])).toBe(
      'arn:<AWS::Partition>:logs:<AWS::Region>:<AWS::AccountId>:log-group:/aws/lambda/CustomerManagement-*:*',
    );
    for (const [, { DependsOn }] of work.ofType('AWS::Logs::SubscriptionFilter').filter(isOwn))
      expect(DependsOn).toEqual([id]);
  });

  it('listens to logs whose names begin as the permission says', () => {
    for (const filter of filters)
      expect(filter['LogGroupName']).toBe(
        `/aws/lambda/CustomerManagement-${writerOf(filter['LogGroupName'])}`,
      );
  });

  it('loses nothing for a fault of some hours: three tries within six hours, then a queue for fourteen days', () => {
    const [[, { Properties }]] = ofType('AWS::Lambda::EventInvokeConfig').filter(
      ([, config]) => config.Properties['FunctionName'] === keeperName,
    ) as [[string, Resource]];
    expect(Properties).toMatchObject({ MaximumRetryAttempts: 2, MaximumEventAgeInSeconds: 6 * 3_600 });
    const queue = work.get(targetOf(Properties['DestinationConfig'].OnFailure.Destination));
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
