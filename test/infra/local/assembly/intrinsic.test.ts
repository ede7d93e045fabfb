import { describe, expect, it } from '@jest/globals';
import type { Resource } from '#infra/local/assembly/cloud-assembly.ts';
import { resolver } from '#infra/local/assembly/intrinsic.ts';

const resource = (id: string, type: string, properties: object = {}, stack = 'App'): Resource => ({
  id,
  stack,
  type,
  path: `/${stack}/${id}`,
  properties: { ...properties },
});
const all = [
  resource('Plain', 'AWS::Lambda::Function'),
  resource('Named', 'AWS::Lambda::Function', { FunctionName: 'named' }),
  resource('Safe', 'AWS::SecretsManager::Secret', { Name: 'safe' }),
  resource('Table', 'AWS::DynamoDB::Table'),
];
const stack = (name: string, resources: readonly Resource[], outputs: object = {}) => ({
  name,
  resources: new Map(resources.map((one) => [one.id, one])),
  parameters: new Map([['Level', 'info']]),
  outputs: new Map(Object.entries(outputs)),
});
const neighbour = resource('Named', 'AWS::Lambda::Function', { FunctionName: 'neighbour' }, 'Other');
const resolve = resolver({
  stacks: new Map([
    ['App', stack('App', all)],
    ['Other', stack('Other', [neighbour], { Name: { Ref: 'Named' }, Home: { Ref: 'AWS::StackName' } })],
  ]),
  assetFolder: () => undefined,
});
/** What the output of a stack is, read from another one. */
const output = (StackName: string, OutputName: string) => ({
  'Fn::GetStackOutput': { StackName, OutputName, Region: { Ref: 'AWS::Region' } },
});
const within = resource('Here', 'AWS::Lambda::Function');
const safe = 'arn:aws:secretsmanager:eu-central-1:000000000000:secret:safe';

describe('an intrinsic function', () => {
  it.each([
    [{ Ref: 'Plain' }, 'Plain'],
    [{ Ref: 'Named' }, 'named'],
    [{ Ref: 'Safe' }, safe],
    [{ Ref: 'Level' }, 'info'],
    [{ Ref: 'AWS::Region' }, 'eu-central-1'],
    [{ Ref: 'AWS::StackName' }, 'App'],
    [output('Other', 'Name'), 'neighbour'],
    [output('Other', 'Home'), 'Other'],
    [{ 'Fn::GetAtt': ['Named', 'Arn'] }, 'arn:aws:lambda:eu-central-1:000000000000:function:named'],
    [{ 'Fn::GetAtt': 'Safe.Id' }, safe],
    [{ 'Fn::GetAtt': ['Table', 'StreamArn'] }, 'Table.StreamArn'],
    [{ 'Fn::Join': ['-', ['a', { Ref: 'Level' }, { 'Fn::Sub': '${Named}' }]] }, 'a-info-named'],
    [
      { 'Fn::Sub': '${AWS::Partition}/${Named.Arn}/${!kept}' },
      'aws/arn:aws:lambda:eu-central-1:000000000000:function:named/${!kept}',
    ],
    [{ 'Fn::Sub': ['${x}-${Level}', { x: { Ref: 'Named' } }] }, 'named-info'],
    [
      { a: [{ Ref: 'Level' }], b: 7 },
      { a: ['info'], b: 7 },
    ],
  ])('of %j is a local stand-in', (value, expected) => {
    expect(resolve(value, within)).toEqual(expected);
  });

  it.each([
    [{ Ref: 'Gone' }, '/App/Here refers to Gone'],
    [{ 'Fn::GetAtt': ['Gone', 'Arn'] }, '/App/Here asks for Arn of Gone'],
    [output('Other', 'Gone'), '/App/Here reads the output Gone of Other, which does not exist.'],
    [output('Gone', 'Name'), '/App/Here reads the output Name of Gone, which does not exist.'],
    [{ 'Fn::FindInMap': ['a', 'b', 'c'] }, '/App/Here uses Fn::FindInMap'],
    [{ 'Fn::Join': 'x' }, '/App/Here has a malformed Fn::Join'],
    [{ 'Fn::Sub': 7 }, '/App/Here has an Fn::Sub without text'],
  ])('of %j is refused with the resource that uses it', (value, message) => {
    expect(() => resolve(value, within)).toThrow(message);
  });
});
