import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readAssembly } from '#infra/local/assembly/assembly.ts';

type Stack = Readonly<{ Resources: object; Outputs?: object }>;

const lambda = (name: string) => ({
  Type: 'AWS::Lambda::Function',
  Properties: {
    FunctionName: name,
    Code: { S3Key: 'bundle.zip' },
    Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
    LoggingConfig: { LogGroup: { Ref: 'Log' } },
  },
});
const allowing = (action: string) => ({
  Type: 'AWS::IAM::Policy',
  Properties: {
    Roles: [{ Ref: 'Role' }],
    PolicyDocument: { Statement: [{ Effect: 'Allow', Action: action, Resource: 'arn' }] },
  },
});
const arnOf = (name: string) => ({
  'Fn::Join': [
    '',
    ['arn:aws:lambda:', { Ref: 'AWS::Region' }, ':', { Ref: 'AWS::AccountId' }, `:function:${name}`],
  ],
});

const MAIN = {
  Resources: {
    Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: {} },
    Log: { Type: 'AWS::Logs::LogGroup' },
    Role: { Type: 'AWS::IAM::Role' },
    Policy: allowing('sqs:SendMessage'),
    Writer: lambda('App-write'),
  },
  Outputs: { LogName: { Value: { Ref: 'Log' } } },
};
const work = (target: string, output = 'LogName') => ({
  Resources: {
    // The same logical ids as in the other stack, for other things.
    Role: { Type: 'AWS::IAM::Role' },
    Policy: allowing('s3:DeleteBucket'),
    Schedule: {
      Type: 'AWS::Scheduler::Schedule',
      Properties: { Name: 'App-write', ScheduleExpression: 'rate(1 hour)', Target: { Arn: arnOf(target) } },
    },
    Filter: {
      Type: 'AWS::Logs::SubscriptionFilter',
      Properties: {
        FilterName: 'copy',
        FilterPattern: '{ $.message = "said" }',
        DestinationArn: arnOf(target),
        LogGroupName: { 'Fn::GetStackOutput': { StackName: 'App', OutputName: output } },
      },
    },
  },
});

/** An assembly of these stacks, as CDK would write it. */
const assemblyOf = async (stacks: Readonly<Record<string, Stack>>): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'stacks-'));
  const artifacts: Record<string, object> = {
    assets: { type: 'cdk:asset-manifest', properties: { file: 'assets.json' } },
  };
  for (const [name, template] of Object.entries(stacks)) {
    const templateFile = `${name}.template.json`;
    await writeFile(join(folder, templateFile), JSON.stringify(template));
    artifacts[`id-of-${name}`] = {
      type: 'aws:cloudformation:stack',
      properties: { templateFile, stackName: name },
    };
  }
  await mkdir(join(folder, 'bundle'));
  const bundle = { source: { path: 'bundle' }, destinations: { here: { objectKey: 'bundle.zip' } } };
  await writeFile(join(folder, 'assets.json'), JSON.stringify({ files: { bundle } }));
  await writeFile(join(folder, 'manifest.json'), JSON.stringify({ artifacts }));
  return folder;
};

describe('an assembly of several stacks', () => {
  it('is read as one: schedules and subscriptions of one stack start the functions of another', async () => {
    const assembly = await readAssembly(await assemblyOf({ App: MAIN, 'App-Work': work('App-write') }));
    const [writer] = assembly.functions;
    expect(assembly.functions).toHaveLength(1);
    expect(assembly.schedules).toMatchObject([{ name: 'App-write' }]);
    expect(assembly.schedules[0]?.target).toBe(writer);
    expect(assembly.subscriptions).toMatchObject([{ name: 'copy', sources: ['App-write'] }]);
    expect(assembly.subscriptions[0]?.target).toBe(writer);
  });

  it('keeps apart what has the same logical id in two stacks', async () => {
    const assembly = await readAssembly(await assemblyOf({ App: MAIN, 'App-Work': work('App-write') }));
    const mayDo = assembly.functions[0]?.mayDo;
    expect([mayDo?.('sqs:SendMessage', 'arn'), mayDo?.('s3:DeleteBucket', 'arn')]).toEqual([true, false]);
  });

  it('is read without its stack of alarms, whatever that holds', async () => {
    const unplayable = { Resources: { Other: { Type: 'AWS::Lambda::Function' } } };
    const read = (name: string) => assemblyOf({ App: MAIN, [name]: unplayable }).then(readAssembly);
    await expect(read('App-Watch')).resolves.toMatchObject({ functions: [{ name: 'App-write' }] });
    await expect(read('App-Other')).rejects.toThrow('Other has no bundle in this assembly.');
  });

  it.each([
    ['a function that no stack has', work('App-gone'), /Schedule leads to arn:.+:App-gone, which is not a/],
    ['an output that no stack has', work('App-write', 'Gone'), 'reads the output Gone of App, which does'],
  ])('is refused for %s', async (_, stack, message) => {
    await expect(readAssembly(await assemblyOf({ App: MAIN, 'App-Work': stack }))).rejects.toThrow(message);
  });

  it('is refused when two of its stacks have an HTTP API', async () => {
    await expect(readAssembly(await assemblyOf({ App: MAIN, Copy: MAIN }))).rejects.toThrow(
      'must hold exactly one stack with an HTTP API; it holds several.',
    );
  });
});
