import { Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  Metric,
  Stats,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { Key } from 'aws-cdk-lib/aws-kms';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Contract } from '#lib/contract/route.ts';
import type { Source } from './subscribed-use-case.ts';

const FIVE_MINUTES = Duration.minutes(5);
/** 8 x 6 h: a purge that has not finished for two days is a broken promise. */
const HEARTBEAT_PERIOD = Duration.hours(6);
const HEARTBEAT_PERIODS = 8;
/** The share of a function's time-out that is too slow. */
const SLOW_SHARE = 0.8;
/** What lib/runtime/metrics.ts writes. */
const SERVICE_METRIC = {
  namespace: 'CustomerManagement',
  dimensionsMap: { service: 'customer-management' },
  statistic: Stats.SUM,
};

type Condition = Readonly<{
  metric: IMetric;
  threshold: number;
  /** What people cannot do, and what to look at. */
  meaning: string;
  evaluationPeriods?: number;
  missing?: TreatMissingData;
  below?: true;
}>;

/** Every alarm says what it means to a person; all of them speak through one topic. */
export class Alarms extends Construct {
  readonly #action: SnsAction;

  constructor(scope: Construct, id: string, { email }: { email?: string }) {
    super(scope, id);
    const cloudWatch = new ServicePrincipal('cloudwatch.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
    });
    const masterKey = new Key(this, 'TopicKey', {
      description: 'Encrypts alarm messages',
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    masterKey.grantEncryptDecrypt(cloudWatch);
    const topic = new Topic(this, 'Topic', { masterKey, enforceSSL: true });
    // A topic with a policy of its own loses the default one, which lets alarms in.
    topic.grantPublish(cloudWatch);
    if (email !== undefined) writeTo(email, topic);
    this.#action = new SnsAction(topic);
  }

  /** Errors, throttles and calls near the time-out of a function. */
  watchFunction({ name, impact, timeoutSeconds }: Contract, lambda: LambdaFunction): void {
    const metric = { period: FIVE_MINUTES };
    this.#alarm(`${name}-errors`, {
      metric: lambda.metricErrors(metric),
      threshold: 1,
      meaning: `${impact}. ${name} fails: look for 'defect' in its log.`,
    });
    this.#alarm(`${name}-throttles`, {
      metric: lambda.metricThrottles(metric),
      threshold: 1,
      meaning: `${impact}. ${name} is throttled: raise the account's concurrency.`,
    });
    this.#alarm(`${name}-slow`, {
      metric: lambda.metricDuration({ ...metric, statistic: Stats.p(99) }),
      threshold: timeoutSeconds * 1_000 * SLOW_SHARE,
      evaluationPeriods: 3,
      meaning: `${impact}. ${name} comes near its time-out: look at the database's slow queries.`,
    });
  }

  /** Faults that were answered with 500: they do not fail the invocation, so Lambda's own errors do not show them. */
  watchDefects(): void {
    this.#alarm('defects', {
      metric: new Metric({ ...SERVICE_METRIC, metricName: 'DefectMet', period: FIVE_MINUTES }),
      threshold: 1,
      meaning: "A request met a fault of ours: search the functions' logs for 'defect'.",
    });
  }

  /** Histories that are not what was written: somebody may have changed the database behind the service. */
  watchHistories(): void {
    this.#alarm('flawed-histories', {
      metric: new Metric({ ...SERVICE_METRIC, metricName: 'HistoryFlawed', period: FIVE_MINUTES }),
      threshold: 1,
      meaning:
        "A customer's history does not verify: look for 'history-flawed' in the log of verify-histories.",
    });
  }

  /** Accesses that could not be written down: their callers got 500, as nothing is shown unrecorded. */
  watchAuditWrites({ impact }: Contract): void {
    this.#alarm('audit-write-failures', {
      metric: new Metric({ ...SERVICE_METRIC, metricName: 'AuditWriteFailed', period: FIVE_MINUTES }),
      threshold: 1,
      meaning: `${impact}. An access could not be written down and was refused: look for 'defect' in the functions' logs.`,
    });
  }

  /** Lines of a log that did not reach whoever listens to it, and will not be sent again. */
  watchDelivery({ name, impact }: Contract, source: Source): void {
    this.#alarm(`${name}-from-${source.name}`, {
      metric: new Metric({
        namespace: 'AWS/Logs',
        metricName: 'DeliveryErrors',
        dimensionsMap: {
          LogGroupName: source.logGroup.logGroupName,
          DestinationType: 'Lambda',
          FilterName: name,
        },
        statistic: Stats.SUM,
        period: FIVE_MINUTES,
      }),
      threshold: 1,
      meaning: `${impact}. Lines of ${source.name} did not reach ${name}: they still stand in its own log, for 90 days.`,
    });
  }

  /** Answers 5xx of the whole API, whoever gave them. */
  watchApi(api: HttpApi): void {
    this.#alarm('api-5xx', {
      metric: api.metricServerError({ period: FIVE_MINUTES, statistic: Stats.SUM }),
      threshold: 5,
      meaning: 'Callers get 5xx: look at the access log for the route, then at that function’s log.',
    });
  }

  /** Events of a schedule or a log that could not be delivered, or whose every try failed. */
  watchDeadLetters({ name, impact }: Contract, deadLetters: Queue): void {
    this.#alarm(`${name}-dead-letters`, {
      metric: deadLetters.metricApproximateNumberOfMessagesVisible({ period: FIVE_MINUTES }),
      threshold: 1,
      meaning: `${impact}. ${name} could not be started, or failed every time: read the message in its dead-letter queue.`,
    });
  }

  /** A purge that has not finished for 48 hours; silence counts as not finished. */
  watchPurge({ name, impact }: Contract): void {
    this.#alarm(`${name}-heartbeat`, {
      metric: new Metric({
        ...SERVICE_METRIC,
        metricName: 'PurgeCompleted',
        period: HEARTBEAT_PERIOD,
      }),
      threshold: 1,
      below: true,
      evaluationPeriods: HEARTBEAT_PERIODS,
      missing: TreatMissingData.BREACHING,
      meaning: `${impact}. ${name} has not finished for 48 hours: look for 'purge-stopped' in its log.`,
    });
  }

  #alarm(id: string, { metric, threshold, meaning, evaluationPeriods = 1, missing, below }: Condition): void {
    const alarm = new Alarm(this, id, {
      metric,
      threshold,
      evaluationPeriods,
      alarmDescription: meaning,
      comparisonOperator:
        below === true
          ? ComparisonOperator.LESS_THAN_THRESHOLD
          : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: missing ?? TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(this.#action);
  }
}

const writeTo = (email: string, topic: Topic): void => {
  Validations.of(topic.addSubscription(new EmailSubscription(email))).acknowledge({
    id: 'Serverless-SNSRedrivePolicy',
    reason: 'A letter that could not be delivered loses nothing: the alarm itself stays in CloudWatch.',
  });
};
