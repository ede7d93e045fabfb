import { Duration } from 'aws-cdk-lib';
import { Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';

const FIVE_MINUTES = Duration.minutes(5);

/** A metric of a Lambda function, by the function's name: its sum in five minutes. */
export const functionMetric = (metricName: 'Errors' | 'Throttles', functionName: string): Metric =>
  new Metric({
    namespace: 'AWS/Lambda',
    metricName,
    dimensionsMap: { FunctionName: functionName },
    statistic: Stats.SUM,
    period: FIVE_MINUTES,
  });

/** How long the slowest hundredth of a function's calls took in five minutes, in milliseconds. */
export const slowestCalls = (functionName: string): Metric =>
  new Metric({
    namespace: 'AWS/Lambda',
    metricName: 'Duration',
    dimensionsMap: { FunctionName: functionName },
    statistic: Stats.p(99),
    period: FIVE_MINUTES,
  });

/** How many messages wait in a queue. */
export const messagesIn = (queueName: string): Metric =>
  new Metric({
    namespace: 'AWS/SQS',
    metricName: 'ApproximateNumberOfMessagesVisible',
    dimensionsMap: { QueueName: queueName },
    statistic: Stats.MAXIMUM,
    period: FIVE_MINUTES,
  });

/** How many log events a subscription filter failed to deliver to its function, and will not send again. */
export const failedDeliveries = (logGroupName: string, filterName: string): Metric =>
  new Metric({
    namespace: 'AWS/Logs',
    metricName: 'DeliveryErrors',
    dimensionsMap: { LogGroupName: logGroupName, DestinationType: 'Lambda', FilterName: filterName },
    statistic: Stats.SUM,
    period: FIVE_MINUTES,
  });

/** What lib/runtime/metrics.ts writes. */
export const serviceMetric = (metricName: string, period: Duration = FIVE_MINUTES): Metric =>
  new Metric({
    namespace: 'CustomerManagement',
    metricName,
    dimensionsMap: { service: 'customer-management' },
    statistic: Stats.SUM,
    period,
  });

/** The greatest value that lib/runtime/metrics.ts wrote in five minutes. */
export const greatestOf = (metricName: string): Metric =>
  serviceMetric(metricName).with({ statistic: Stats.MAXIMUM });

/** How many requests an HTTP API answered with 5xx in five minutes. */
export const serverErrors = (apiId: string): Metric =>
  new Metric({
    namespace: 'AWS/ApiGateway',
    metricName: '5xx',
    dimensionsMap: { ApiId: apiId },
    statistic: Stats.SUM,
    period: FIVE_MINUTES,
  });
