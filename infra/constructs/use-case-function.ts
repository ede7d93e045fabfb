import { join } from 'node:path';
import { Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  Code,
  Function as LambdaFunction,
  ParamsAndSecretsLayerVersion,
  ParamsAndSecretsLogLevel,
  ParamsAndSecretsVersions,
  Runtime,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Contract, Need } from '#lib/contract/route.ts';
import type { StageSettings } from '../stages.ts';
import type { Secrets } from './secrets.ts';

export type UseCaseFunctionProps = Readonly<{
  contract: Contract;
  secrets: Secrets;
  settings: StageSettings;
  /** Folder that holds `<name>/index.cjs`. */
  bundles: string;
}>;

const SECRETS_PORT = 2773;
const SECRETS_KEPT = Duration.minutes(5);

/** Lines that help to run the service. */
const TECHNICAL_LOG = { retention: RetentionDays.THREE_MONTHS, removalPolicy: RemovalPolicy.DESTROY };
/**
 * Lines that are a record by themselves, as who saw whom: whoever asks about the last year is answered whole, if he asks
 * in its thirteenth month too. They name the people who work here, so they are not kept longer either.
 */
const RECORD = {
  retention: RetentionDays.THIRTEEN_MONTHS,
  removalPolicy: RemovalPolicy.RETAIN,
  deletionProtectionEnabled: true,
};

/** One use case as a Lambda: its bundle, its own role with what its contract needs and nothing more, its own log group. */
export class UseCaseFunction extends Construct {
  readonly lambda: LambdaFunction;
  readonly logGroup: LogGroup;

  constructor(scope: Construct, id: string, { contract, secrets, settings, bundles }: UseCaseFunctionProps) {
    super(scope, id);
    this.logGroup = new LogGroup(this, 'Log', contract.kind === 'subscription' ? RECORD : TECHNICAL_LOG);
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: `${contract.name}: its own log and what its contract needs`,
    });
    this.logGroup.grantWrite(role);
    const readsSecrets = contract.needs.some((need) => need === 'database' || need === 'keyring');
    this.lambda = new LambdaFunction(this, 'Function', {
      functionName: `${Stack.of(this).stackName}-${contract.name}`,
      description: contract.summary,
      code: Code.fromAsset(join(bundles, contract.name)),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: contract.memoryMb,
      timeout: Duration.seconds(contract.timeoutSeconds),
      environment: {
        POWERTOOLS_SERVICE_NAME: 'customer-management',
        POWERTOOLS_LOG_LEVEL: 'INFO',
        ...limitsOf(contract, settings),
        ...Object.fromEntries(contract.needs.flatMap((need) => environmentOf(need, { secrets, settings }))),
      },
      role,
      logGroup: this.logGroup,
      ...(readsSecrets && { paramsAndSecrets: secretsExtension() }),
    });
    if (contract.needs.includes('database')) secrets.databaseUri.grantRead(role);
    if (contract.needs.includes('keyring')) secrets.keyring.grantRead(role);
    Validations.of(this.lambda).acknowledge(
      {
        id: 'Serverless-LambdaTracing',
        reason:
          'X-Ray cannot be granted on less than every resource; no role here may hold a wildcard. Logs carry the request id.',
      },
      {
        id: 'Serverless-LambdaDLQ',
        reason:
          'Routes and operations are invoked synchronously; what a schedule or a log starts has a dead-letter queue as its failure destination.',
      },
    );
  }
}

/** What a business may ask of a route; only who has to say whose request it is can be counted. */
const limitsOf = (contract: Contract, { businessLimit }: StageSettings): Record<string, string> =>
  contract.kind === 'route' && contract.permission !== undefined
    ? {
        RATE_LIMIT_PER_SECOND: String(businessLimit.perSecond),
        RATE_LIMIT_BURST: String(businessLimit.burst),
      }
    : {};

type Sources = Pick<UseCaseFunctionProps, 'secrets' | 'settings'>;

const environmentOf = (need: Need, { secrets, settings }: Sources): [string, string][] => {
  switch (need) {
    case 'database':
      return [['DATABASE_URI_SECRET', secrets.databaseUri.secretArn]];
    case 'keyring':
      return [['KEYRING_SECRET', secrets.keyring.secretArn]];
    case 'purge-switch':
      return [['PURGE_SWITCH', settings.purgeSwitch]];
    case 'openapi-document':
      return [];
  }
};

/** Sets PARAMETERS_SECRETS_EXTENSION_HTTP_PORT too; a rotated secret is seen within the time it is kept. */
const secretsExtension = (): ParamsAndSecretsLayerVersion =>
  ParamsAndSecretsLayerVersion.fromVersion(ParamsAndSecretsVersions.V1_0_103, {
    httpPort: SECRETS_PORT,
    cacheSize: 10,
    secretsManagerTtl: SECRETS_KEPT,
    logLevel: ParamsAndSecretsLogLevel.WARN,
  });
