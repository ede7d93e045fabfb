import { describe, expect, it } from '@jest/globals';
import { contracts } from '#functions/contracts.ts';
import { contract } from '#functions/messages/relay-events/contract.ts';
import { synthesis, textOf } from '../build/synthesis.ts';

const { ofType } = await synthesis('usual');
const filters = ofType('AWS::Logs::SubscriptionFilter')
  .map(([, { Properties }]) => Properties)
  .filter(({ FilterName }) => FilterName === contract.name);
const writerOf = (logGroup: string): string => logGroup.replace('/aws/lambda/CustomerManagement-', '');

describe('relay-events', () => {
  it('is hastened by the line that a commit of events leaves, and by no other', () => {
    for (const { FilterPattern, DestinationArn } of filters) {
      expect(FilterPattern).toBe('{ $.message = "outbox-filled" }');
      expect(textOf(DestinationArn)).toMatch(/:function:CustomerManagement-relay-events$/);
    }
  });

  it('listens to every function that may commit events', () => {
    const sources = filters.map(({ LogGroupName }) => writerOf(LogGroupName));
    const writers = contracts.filter(
      (one) =>
        one.needs.includes('database') &&
        one.needs.includes('keyring') &&
        ((one.kind === 'route' && one.method !== 'GET') || one.kind === 'schedule' || one.kind === 'queue'),
    );
    expect(writers.length).toBeGreaterThan(10);
    expect(sources).toEqual(expect.arrayContaining(writers.map(({ name }) => name)));
  });

  it('runs every minute all the same', () => {
    const [[, { Properties }]] = ofType('AWS::Scheduler::Schedule').filter(
      ([, schedule]) => schedule.Properties['Name'] === 'CustomerManagement-relay-events',
    ) as [any];
    expect(Properties).toMatchObject({ ScheduleExpression: 'rate(1 minute)' });
  });
});
