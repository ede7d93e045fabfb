import { Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import {
  CfnStage,
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
import { API_ID } from './names.ts';
import { output } from './output.ts';
import type { StageSettings } from './stage-settings.ts';

/** One JSON line per request. It has no query string, header or address: those hold personal data or lead to it. */
const ACCESS_LOG = {
  // The id in the header x-request-id and in each log line of the function, and the id in Lambda's own lines.
  requestId: '$context.requestId',
  invocationId: '$context.integration.requestId',
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
  'x-request-id',
  // The same id, on the answers that the gateway gives without a function.
  'apigw-requestid',
];

/**
 * The limit of a route that anyone may call, for all callers together. Without it, strangers could use up the limit of the
 * stage. A cache in front of the route answers most calls.
 */
const PUBLIC_ROUTE_LIMIT = { perSecond: 20, burst: 50 };
/** A small stage gives its public routes a tenth: the limit of a route applies instead of the stage's, and can be above it. */
const PART_OF_THE_STAGE = 1 / 10;

const publicRouteLimit = ({ stageLimit }: StageSettings) => {
  const part = (limit: number): number => Math.max(1, Math.floor(limit * PART_OF_THE_STAGE));
  return {
    ThrottlingRateLimit: Math.min(PUBLIC_ROUTE_LIMIT.perSecond, part(stageLimit.perSecond)),
    ThrottlingBurstLimit: Math.min(PUBLIC_ROUTE_LIMIT.burst, part(stageLimit.burst)),
  };
};

/** The HTTP API. Each route with a permission is behind a JWT authorizer. */
export class CustomerApi extends Construct {
  readonly api: HttpApi;
  readonly #authorizer: HttpJwtAuthorizer;
  readonly #stage: CfnStage;
  readonly #publicRouteLimit: ReturnType<typeof publicRouteLimit>;
  readonly #publicRoutes: Record<string, ReturnType<typeof publicRouteLimit>> = {};

  constructor(scope: Construct, id: string, settings: StageSettings) {
    super(scope, id);
    this.#publicRouteLimit = publicRouteLimit(settings);
    this.#authorizer = new HttpJwtAuthorizer('Jwt', settings.issuer, { jwtAudience: [...settings.audience] });
    this.api = new HttpApi(this, 'HttpApi', {
      apiName: Stack.of(this).stackName,
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
      // With this prefix the log group needs no entry in the log service's resource policy, whose size is limited.
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
    this.#stage = cfnStageOf(stage);
    output(this, 'ApiUrl', { value: stage.url, description: 'The address of the API; it ends with a slash' });
    output(this, API_ID, { value: this.api.apiId, description: 'The id of the API, as metrics name it' });
  }

  /** Adds a route that calls a function. */
  addRoute(route: Route, lambda: LambdaFunction): void {
    const routes = this.api.addRoutes({
      path: route.path,
      methods: [HttpMethod[route.method]],
      integration: new HttpLambdaIntegration(`${route.name}-integration`, lambda),
      ...(route.permission !== undefined && { authorizer: this.#authorizer }),
    });
    if (route.permission !== undefined) return;
    this.#publicRoutes[`${route.method} ${route.path}`] = this.#publicRouteLimit;
    this.#stage.routeSettings = this.#publicRoutes;
    for (const open of routes) {
      // A stage can only limit a route that exists.
      this.#stage.node.addDependency(open);
      Validations.of(open).acknowledge({
        id: 'AwsSolutions-APIG4',
        reason: route.openBecause ?? '',
      });
    }
  }
}

const cfnStageOf = ({ node: { defaultChild } }: HttpStage): CfnStage => {
  if (defaultChild instanceof CfnStage) return defaultChild;
  throw new Error('The stage has no resource of its own.');
};
