import { describe, expect, it } from '@jest/globals';
import { contracts } from '#functions/contracts.ts';
import { synthesis, targetOf, textOf } from '../build/synthesis.ts';

const { main, work } = await synthesis('of another issuer');
const { ofType, get } = main;
const routes = contracts.filter((contract) => contract.kind === 'route');
const only = (type: string): Readonly<Record<string, any>> => {
  const found = ofType(type);
  expect(found).toHaveLength(1);
  return found[0]![1].Properties;
};

describe('the HTTP API', () => {
  it('has a route for each route of the contracts and no other, without a catch-all', () => {
    const keys = ofType('AWS::ApiGatewayV2::Route').map(([, { Properties }]) => Properties['RouteKey']);
    expect(keys.sort()).toEqual(routes.map(({ method, path }) => `${method} ${path}`).sort());
  });

  it.each(routes.map((route) => [route.name, route] as const))(
    '%s leads to its own function, payload 2.0, behind the authorizer if it asks for a permission',
    (name, { method, path, permission }) => {
      const [, route] = ofType('AWS::ApiGatewayV2::Route').find(
        ([, { Properties }]) => Properties['RouteKey'] === `${method} ${path}`,
      )!;
      const { AuthorizationType, AuthorizerId, Target } = route.Properties;
      const integration = get(Target['Fn::Join'][1].map(targetOf).find(Boolean)).Properties;
      expect(integration['PayloadFormatVersion']).toBe('2.0');
      expect(get(targetOf(integration['IntegrationUri'])).Properties['FunctionName']).toBe(
        `CustomerManagement-${name}`,
      );
      const [authorizer] = ofType('AWS::ApiGatewayV2::Authorizer')[0]!;
      expect([AuthorizationType, AuthorizerId]).toEqual(
        permission === undefined ? ['NONE', undefined] : ['JWT', { Ref: authorizer }],
      );
    },
  );

  it('leaves open just the contract itself and the link in messages', () => {
    expect(routes.filter(({ permission }) => permission === undefined).map(({ name }) => name)).toEqual([
      'unsubscribe',
      'get-openapi-document',
    ]);
  });

  it('trusts the issuer and the audiences of the settings', () => {
    expect(only('AWS::ApiGatewayV2::Authorizer')).toMatchObject({
      AuthorizerType: 'JWT',
      IdentitySource: ['$request.header.Authorization'],
      JwtConfiguration: { Issuer: 'https://issuer.example.com/', Audience: ['a', 'b'] },
    });
  });

  it('answers the preflight of the configured origins with the contract’s headers and methods', () => {
    expect(only('AWS::ApiGatewayV2::Api')['CorsConfiguration']).toMatchObject({
      AllowOrigins: ['https://panel.example.com', 'https://admin.example.com'],
      AllowHeaders: ['authorization', 'content-type', 'x-business-tenant-id', 'if-match', 'idempotency-key'],
      AllowMethods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
      ExposeHeaders: [
        'etag',
        'location',
        'retry-after',
        'ratelimit-limit',
        'ratelimit-remaining',
        'ratelimit-reset',
        'idempotent-replayed',
        'x-request-id',
        'apigw-requestid',
      ],
    });
  });

  it('throttles the whole stage', () => {
    const { StageName, DefaultRouteSettings } = only('AWS::ApiGatewayV2::Stage');
    expect(StageName).toBe('$default');
    expect(DefaultRouteSettings).toEqual({ ThrottlingRateLimit: 1_000, ThrottlingBurstLimit: 3_000 });
  });

  it('limits each route without a token, and those only, to a small part of the stage', () => {
    const { RouteSettings, DefaultRouteSettings } = only('AWS::ApiGatewayV2::Stage');
    const open = routes.filter(({ permission }) => permission === undefined);
    expect(Object.keys(RouteSettings).sort()).toEqual(
      open.map(({ method, path }) => `${method} ${path}`).sort(),
    );
    for (const { ThrottlingRateLimit, ThrottlingBurstLimit } of Object.values<any>(RouteSettings)) {
      expect(ThrottlingRateLimit * 10).toBeLessThanOrEqual(DefaultRouteSettings.ThrottlingRateLimit);
      expect(ThrottlingBurstLimit * 10).toBeLessThanOrEqual(DefaultRouteSettings.ThrottlingBurstLimit);
    }
  });

  it('gives them a tenth of a small stage: their own limit could be above that of the stage', async () => {
    const { main: small } = await synthesis('with a small limit');
    const [, { Properties }] = small.ofType('AWS::ApiGatewayV2::Stage')[0]!;
    expect(Properties['DefaultRouteSettings']).toEqual({
      ThrottlingRateLimit: 100,
      ThrottlingBurstLimit: 109,
    });
    expect(Object.values(Properties['RouteSettings'])).toEqual(
      routes
        .filter(({ permission }) => permission === undefined)
        .map(() => ({ ThrottlingRateLimit: 10, ThrottlingBurstLimit: 10 })),
    );
  });

  it('makes the stage after the routes that it limits', () => {
    const [, stage] = ofType('AWS::ApiGatewayV2::Stage')[0]!;
    const limited = Object.keys(stage.Properties['RouteSettings']);
    const made = ofType('AWS::ApiGatewayV2::Route').filter(([, { Properties }]) =>
      limited.includes(Properties['RouteKey']),
    );
    expect(made).toHaveLength(limited.length);
    expect(stage.DependsOn).toEqual(expect.arrayContaining(made.map(([id]) => id)));
  });

  it('leaves room beside the limit of a business, in all its functions', () => {
    const { DefaultRouteSettings: stage } = only('AWS::ApiGatewayV2::Stage');
    const limits = ofType('AWS::Lambda::Function')
      .map(([, { Properties }]) => Properties['Environment'].Variables)
      .filter(({ RATE_LIMIT_BURST }) => RATE_LIMIT_BURST !== undefined)
      .map(({ RATE_LIMIT_PER_SECOND, RATE_LIMIT_BURST }) => `${RATE_LIMIT_PER_SECOND} ${RATE_LIMIT_BURST}`);
    expect(limits).toHaveLength(routes.filter(({ permission }) => permission !== undefined).length);
    expect(new Set(limits)).toEqual(new Set(['50 1200']));
    expect(stage.ThrottlingRateLimit / 50).toBeGreaterThanOrEqual(20);
    expect(stage.ThrottlingBurstLimit / 1_200).toBeGreaterThanOrEqual(2);
  });

  it('writes one JSON line a request, with nothing of the query, the headers, the path or the caller', () => {
    const { AccessLogSettings } = only('AWS::ApiGatewayV2::Stage');
    expect(get(targetOf(AccessLogSettings.DestinationArn)).Type).toBe('AWS::Logs::LogGroup');
    const format: Record<string, string> = JSON.parse(AccessLogSettings.Format);
    const logged = Object.values(format);
    expect(logged).toEqual(
      expect.arrayContaining(['$context.requestId', '$context.routeKey', '$context.status']),
    );
    expect(format).toMatchObject({
      requestId: '$context.requestId',
      invocationId: '$context.integration.requestId',
    });
    for (const variable of logged) {
      expect(variable).toMatch(/^\$context\.[a-zA-Z.]+$/);
      expect(variable).not.toMatch(/path$|identity|query|header|claims|sourceIp|principal/i);
    }
  });
});

describe('each schedule', () => {
  const schedules = contracts.filter((contract) => contract.kind === 'schedule');

  it('is there, and no other', () => {
    const names = work.ofType('AWS::Scheduler::Schedule').map(([, { Properties }]) => Properties['Name']);
    expect(names.sort()).toEqual(schedules.map(({ name }) => `CustomerManagement-${name}`).sort());
  });

  it.each(schedules.map((schedule) => [schedule.name, schedule] as const))(
    '%s starts its function as its contract says, and loses no event silently',
    (name, { every }) => {
      const [, { Properties: schedule }] = work
        .ofType('AWS::Scheduler::Schedule')
        .find(([, { Properties }]) => Properties['Name'] === `CustomerManagement-${name}`)!;
      const queue = targetOf(schedule['Target'].DeadLetterConfig.Arn);
      expect(schedule['ScheduleExpression']).toBe(every);
      expect(schedule['State'] ?? 'ENABLED').toBe('ENABLED');
      expect(textOf(schedule['Target'].Arn)).toBe(
        `arn:<AWS::Partition>:lambda:<AWS::Region>:<AWS::AccountId>:function:CustomerManagement-${name}`,
      );
      expect(
        ofType('AWS::Lambda::Function').map(([, { Properties }]) => Properties['FunctionName']),
      ).toContain(`CustomerManagement-${name}`);
      expect(work.get(queue).Properties['SqsManagedSseEnabled']).toBe(true);
      const [, { Properties: invocation }] = work
        .ofType('AWS::Lambda::EventInvokeConfig')
        .find(([, { Properties }]) => Properties['FunctionName'] === `CustomerManagement-${name}`)!;
      expect(targetOf(invocation['DestinationConfig'].OnFailure.Destination)).toBe(queue);
    },
  );

  it.each(schedules.map(({ name }) => name))(
    '%s has a role, for this account’s schedules, that may start it and fill its queue',
    (name) => {
      const [, { Properties: schedule }] = work
        .ofType('AWS::Scheduler::Schedule')
        .find(([, { Properties }]) => Properties['Name'] === `CustomerManagement-${name}`)!;
      const [, { Properties: policy }] = work
        .ofType('AWS::IAM::Policy')
        .find(([, { Properties }]) =>
          Properties['Roles'].some((role: any) => targetOf(role) === targetOf(schedule['Target'].RoleArn)),
        )!;
      expect(policy['PolicyDocument'].Statement).toEqual([
        { Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: schedule['Target'].Arn },
        { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: schedule['Target'].DeadLetterConfig.Arn },
      ]);
      const role = work.get(targetOf(schedule['Target'].RoleArn)).Properties;
      expect(role['AssumeRolePolicyDocument'].Statement).toMatchObject([
        {
          Principal: { Service: 'scheduler.amazonaws.com' },
          Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
        },
      ]);
    },
  );
});
