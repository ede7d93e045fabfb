import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { eventUseCases } from '#test/support/event-use-cases/made.ts';
import { type Resource, targetOf, textOf } from '../build/synthesis.ts';

const folder = join(await eventUseCases(), 'cdk.out');
const read = (stack: string): [string, Resource][] =>
  Object.entries(JSON.parse(readFileSync(join(folder, `${stack}.template.json`), 'utf8')).Resources);
const main = read('CustomerManagement');
const work = read('CustomerManagement-Work');
const ofType = (resources: [string, Resource][], type: string) =>
  resources.filter(([, { Type }]) => Type === type).map(([, { Properties }]) => Properties);
const lambda = (name: string) =>
  ofType(main, 'AWS::Lambda::Function').find(
    ({ FunctionName }) => FunctionName === `CustomerManagement-${name}`,
  )!;

describe('a use case that needs the event bus', () => {
  const mayPut = (name: string): string[] =>
    ofType(main, 'AWS::IAM::Policy')
      .filter(({ Roles }) => Roles.some((role: any) => targetOf(role) === targetOf(lambda(name)['Role'])))
      .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
      .filter(({ Action }) => Action === 'events:PutEvents')
      .map(({ Resource }) => textOf(Resource));

  it('is told its name and may put events on it, and on no other', () => {
    expect(lambda('tell-others')['Environment'].Variables.EVENT_BUS).toBe('CustomerManagement');
    expect(mayPut('tell-others')).toEqual([
      'arn:<AWS::Partition>:events:<AWS::Region>:<AWS::AccountId>:event-bus/CustomerManagement',
    ]);
  });

  it.each(['hear-orders', 'tell-nobody'])('is not %s', (name) => {
    expect(lambda(name)['Environment'].Variables).not.toHaveProperty('EVENT_BUS');
    expect(mayPut(name)).toEqual([]);
  });
});

describe('a schedule that is hastened', () => {
  const filters = ofType(work, 'AWS::Logs::SubscriptionFilter');

  it('is started by that line in the logs of functions that may write, and by no other', () => {
    expect(filters).toHaveLength(1);
    expect(filters[0]).toMatchObject({
      FilterName: 'tell-others',
      FilterPattern: '{ $.message = "event-handled" }',
    });
    expect(textOf(filters[0]!['DestinationArn'])).toMatch(/:function:CustomerManagement-tell-others$/);
    expect(filters[0]!['LogGroupName']).toBe('/aws/lambda/CustomerManagement-hear-orders');
  });

  it('may be started by the log service, for logs of this account only', () => {
    expect(ofType(work, 'AWS::Lambda::Permission')).toMatchObject([
      {
        FunctionName: 'CustomerManagement-tell-others',
        Principal: 'logs.amazonaws.com',
        SourceAccount: { Ref: 'AWS::AccountId' },
      },
    ]);
  });
});
