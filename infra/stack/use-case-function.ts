import { join } from 'node:path';
import { Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Contract } from '#lib/contract/contract.ts';
import type { Need } from '#lib/contract/door.ts';
import type { Buckets } from './buckets.ts';
import type { Bus } from './bus.ts';
import { isStartedByEvents } from './dead-letters.ts';
import { deadLettersArn, eventsArn, functionName, logGroupName } from './names.ts';
import { secretsExtension } from './secrets-layer.ts';
import type { StageSettings } from './stage-settings.ts';
import type { Secrets } from './secrets.ts';

export type UseCaseFunctionProps = Readonly<{
  contract: Contract;
  secrets: Secrets;
  buckets: Buckets;
  bus: Bus | undefined;
  settings: StageSettings;
  /** Folder that holds `<name>/index.cjs`. */
  bundles: string;
}>;

/** For log lines that help to run the service. */
const technicalLog = (logGroupName: string) => ({
  logGroupName,
  retention: RetentionDays.THREE_MONTHS,
  removalPolicy: RemovalPolicy.DESTROY,
});
/**
 * For log lines that are a record, such as who saw which customer. A question about the last year must still find all of it
 * when it comes a month late. The lines name employees, so they are not kept longer than that. CloudFormation names it: it
 * outlives the stack and cannot be deleted, so a name of our own would be taken when the stack is made again.
 */
const RECORD = {
  retention: RetentionDays.THIRTEEN_MONTHS,
  removalPolicy: RemovalPolicy.RETAIN,
  deletionProtectionEnabled: true,
};

/** One use case as a Lambda: its bundle, its log group, and its role, which may do only what its contract needs. */
export class UseCaseFunction extends Construct {
  readonly lambda: LambdaFunction;
  readonly logGroup: LogGroup;

  constructor(scope: Construct, id: string, props: UseCaseFunctionProps) {
    super(scope, id);
    const { contract, secrets, buckets, bus, settings, bundles } = props;
    this.logGroup = new LogGroup(
      this,
      'Log',
      contract.kind === 'subscription' ? RECORD : technicalLog(logGroupName(Stack.of(this), contract)),
    );
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: `${contract.name}: its own log and what its contract needs`,
    });
    this.logGroup.grantWrite(role);
    const readsSecrets = contract.needs.some((need) => need === 'database' || need === 'keyring');
    this.lambda = new LambdaFunction(this, 'Function', {
      functionName: functionName(Stack.of(this), contract),
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
        ...Object.fromEntries(contract.needs.flatMap((need) => environmentOf(need, props))),
      },
      role,
      logGroup: this.logGroup,
      ...(readsSecrets && { paramsAndSecrets: secretsExtension() }),
    });
    if (contract.needs.includes('database')) secrets.databaseUri.grantRead(role);
    if (contract.needs.includes('keyring')) secrets.keyring.grantRead(role);
    if ('objects' in contract) buckets.grant(role, contract.objects);
    if (contract.needs.includes('event-bus')) bus?.grantPut(role);
    if (contract.kind === 'queue') role.addToPolicy(mayPoll(eventsArn(Stack.of(this), contract)));
    if (isStartedByEvents(contract)) {
      const deadLetters = deadLettersArn(Stack.of(this), contract);
      Queue.fromQueueArn(this, 'DeadLetters', deadLetters).grantSendMessages(role);
    }
    Validations.of(this.lambda).acknowledge(
      {
        id: 'Serverless-LambdaTracing',
        reason:
          'X-Ray needs a permission on every resource, and no role here may hold a wildcard. Logs have the request id.',
      },
      {
        id: 'Serverless-LambdaDLQ',
        reason:
          'Routes, operations and queues are invoked synchronously. A function that a schedule or a log starts sends what fails to a queue of the stack CustomerManagement-Work.',
      },
    );
  }
}

/** The limit of each business. Routes without a permission have none: their callers name no business. */
const limitsOf = (contract: Contract, { businessLimit }: StageSettings): Record<string, string> =>
  contract.kind === 'route' && contract.permission !== undefined
    ? {
        RATE_LIMIT_PER_SECOND: String(businessLimit.perSecond),
        RATE_LIMIT_BURST: String(businessLimit.burst),
      }
    : {};

/** What the platform does with the queue in the name of the function. */
const mayPoll = (queueArn: string): PolicyStatement =>
  new PolicyStatement({
    actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
    resources: [queueArn],
  });

type Sources = Pick<UseCaseFunctionProps, 'secrets' | 'buckets' | 'bus' | 'settings'>;

const environmentOf = (need: Need, { secrets, buckets, bus, settings }: Sources): [string, string][] => {
  switch (need) {
    case 'database':
      return [['DATABASE_URI_SECRET', secrets.databaseUri.secretArn]];
    case 'keyring':
      return [['KEYRING_SECRET', secrets.keyring.secretArn]];
    case 'purge-switch':
      return [['PURGE_SWITCH', settings.purgeSwitch]];
    case 'archive-bucket':
    case 'ledger-bucket':
      return buckets.environmentOf(need);
    case 'event-bus':
      return bus === undefined ? [] : [['EVENT_BUS', bus.busName]];
    case 'openapi-document':
      return [];
  }
};
