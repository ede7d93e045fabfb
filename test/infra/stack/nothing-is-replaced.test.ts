import { describe, expect, it } from '@jest/globals';
import { synthesis } from '../build/synthesis.ts';
import logicalIds from './logical-ids.json' with { type: 'json' };

/**
 * CloudFormation replaces a resource whose logical id or physical name changes: a function forgets its settings, a log or a
 * secret is lost, a subscription sends no e-mail until it is confirmed again. `logical-ids.json` lists what is deployed. Take
 * a line out only when the thing itself is to be removed.
 */
const { main } = await synthesis('usual');

/** The properties that name a resource. Every other resource has a name that CloudFormation made. */
const NAMES = ['FunctionName', 'LogGroupName', 'RoleName', 'TopicName', 'Name', 'StageName'];
const nameOf = (type: string, name: string): object => {
  // It outlives the stack and is protected from deletion, so CloudFormation names it.
  if (type === 'AWS::Logs::LogGroup' && name === 'keep-access-log') return {};
  if (type === 'AWS::Lambda::Function') return { FunctionName: `CustomerManagement-${name}` };
  if (type === 'AWS::Logs::LogGroup' && name === 'access log of the API')
    return { LogGroupName: '/aws/vendedlogs/CustomerManagement-access' };
  if (type === 'AWS::Logs::LogGroup') return { LogGroupName: `/aws/lambda/CustomerManagement-${name}` };
  if (type === 'AWS::ApiGatewayV2::Stage') return { StageName: '$default' };
  if (type === 'AWS::ApiGatewayV2::Api') return { Name: 'CustomerManagement' };
  if (type === 'AWS::ApiGatewayV2::Authorizer') return { Name: 'Jwt' };
  return {};
};

describe.each(Object.entries(logicalIds))('%s', (type, ids) => {
  it.each(Object.entries<string>(ids))('%s keeps its logical id and its physical name', (name, id) => {
    const { Type, Properties } = main.get(id);
    const named = Object.entries(Properties).filter(([property]) => NAMES.includes(property));
    expect([Type, Object.fromEntries(named)]).toEqual([type, nameOf(type, name)]);
  });
});

describe('the e-mail subscription', () => {
  it('still leads from the same topic to the same address: another one would have to be confirmed', () => {
    const [, { Properties }] = main.ofType('AWS::SNS::Subscription')[0]!;
    expect(Properties).toEqual({
      Endpoint: 'ops@example.com',
      Protocol: 'email',
      TopicArn: { Ref: logicalIds['AWS::SNS::Topic'].topic },
    });
  });
});

describe('each route', () => {
  it.each(Object.entries(logicalIds['AWS::ApiGatewayV2::Route']))('%s is the same route', (key, id) => {
    expect(main.get(id).Properties).toMatchObject({
      RouteKey: key,
      ApiId: { Ref: logicalIds['AWS::ApiGatewayV2::Api'].api },
    });
  });
});
