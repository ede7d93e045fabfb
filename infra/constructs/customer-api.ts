import { CfnOutput, Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import {
  CorsHttpMethod,
  HttpApi,
  HttpMethod,
  HttpStage,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpJwtAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Route } from '#lib/contract/route.ts';
import type { StageSettings } from '../stages.ts';

/** One line a request, as JSON. No query string, no header, no address: they hold or point to personal data. */
const ACCESS_LOG = {
  requestId: '$context.requestId',
  time: '$context.requestTime',
  route: '$context.routeKey',
  status: '$context.status',
  authorizerError: '$context.authorizer.error',
  integrationError: '$context.integrationErrorMessage',
  integrationStatus: '$context.integrationStatus',
  latencyMs: '$context.responseLatency',
  integrationLatencyMs: '$context.integrationLatency',
  responseBytes: '$context.responseLength',
};

const ALLOWED_HEADERS = [
  'authorization',
  'content-type',
  'x-business-tenant-id',
  'if-match',
  'idempotency-key',
];
const EXPOSED_HEADERS = [
  'etag',
  'location',
  'retry-after',
  'ratelimit-limit',
  'ratelimit-remaining',
  'ratelimit-reset',
  'idempotent-replayed',
];

/** The HTTP API: a route a contract, its own JWT authorizer before everything that asks for a permission. */
export class CustomerApi extends Construct {
  readonly api: HttpApi;
  readonly #authorizer: HttpJwtAuthorizer;

  constructor(scope: Construct, id: string, settings: StageSettings) {
    super(scope, id);
    this.#authorizer = new HttpJwtAuthorizer('Jwt', settings.issuer, { jwtAudience: [...settings.audience] });
    this.api = new HttpApi(this, 'HttpApi', {
      description: 'Customer Management',
      createDefaultStage: false,
      corsPreflight: {
        allowOrigins: [...settings.allowedOrigins],
        allowHeaders: ALLOWED_HEADERS,
        allowMethods: [
          CorsHttpMethod.GET,
          CorsHttpMethod.POST,
          CorsHttpMethod.PUT,
          CorsHttpMethod.PATCH,
          CorsHttpMethod.DELETE,
        ],
        exposeHeaders: EXPOSED_HEADERS,
        maxAge: Duration.hours(1),
      },
    });
    const accessLog = new LogGroup(this, 'AccessLog', {
      // With this prefix the log service needs no entry per group in its resource policy, which is short.
      logGroupName: `/aws/vendedlogs/${Stack.of(this).stackName}-access`,
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const stage = new HttpStage(this, 'Stage', {
      httpApi: this.api,
      stageName: '$default',
      autoDeploy: true,
      throttle: {
        rateLimit: settings.stageLimit.perSecond,
        burstLimit: settings.stageLimit.burst,
      },
      accessLogSettings: {
        destination: new LogGroupLogDestination(accessLog),
        format: AccessLogFormat.custom(JSON.stringify(ACCESS_LOG)),
      },
    });
    new CfnOutput(this, 'Url', { value: stage.url });
  }

  /** Opens a route to a function. */
  addRoute(route: Route, lambda: LambdaFunction): void {
    const routes = this.api.addRoutes({
      path: route.path,
      methods: [HttpMethod[route.method]],
      integration: new HttpLambdaIntegration(`${route.name}-integration`, lambda),
      ...(route.permission !== undefined && { authorizer: this.#authorizer }),
    });
    if (route.permission !== undefined) return;
    for (const open of routes) {
      Validations.of(open).acknowledge({
        id: 'AwsSolutions-APIG4',
        reason: 'The contract itself is public: it names no customer and no business.',
      });
    }
  }
}
