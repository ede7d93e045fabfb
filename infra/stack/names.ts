import { ArnFormat, type Stack } from 'aws-cdk-lib';
import type { Contract } from '#lib/contract/contract.ts';

/**
 * The names by which the three stacks know each other's functions and queues. `main` is always the stack that holds the
 * functions. They are plain text: an export that is in use would keep CloudFormation from removing a function.
 */

export const functionName = (main: Stack, { name }: Contract): string => `${main.stackName}-${name}`;

export const functionArn = (main: Stack, contract: Contract): string =>
  main.formatArn({
    service: 'lambda',
    resource: 'function',
    resourceName: functionName(main, contract),
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });

export const deadLettersName = (main: Stack, { name }: Contract): string =>
  `${main.stackName}-${name}-dead-letters`;

export const deadLettersArn = (main: Stack, contract: Contract): string =>
  main.formatArn({ service: 'sqs', resource: deadLettersName(main, contract) });

/** The queue of a use case that receives events. */
export const eventsName = (main: Stack, { name }: Contract): string => `${main.stackName}-${name}-events`;

export const eventsArn = (main: Stack, contract: Contract): string =>
  main.formatArn({ service: 'sqs', resource: eventsName(main, contract) });

/** The queue for events that the rule of a use case could not put into its queue. */
export const undeliveredName = (main: Stack, { name }: Contract): string =>
  `${main.stackName}-${name}-undelivered`;

/** The outputs of `main` that the other stacks read. */
export const API_ID = 'ApiId';
export const ALARM_TOPIC = 'AlarmTopic';

/** @param given the bus that is there already; without one, it is one of our own */
export const busName = (main: Stack, given: string | undefined): string => given ?? main.stackName;

export const busArn = (main: Stack, given: string | undefined): string =>
  main.formatArn({ service: 'events', resource: 'event-bus', resourceName: busName(main, given) });

/**
 * The name of a bucket. It is unique in the world, because it ends with the account and the region. A fixed name also keeps
 * CloudFormation from replacing a bucket: it cannot make the second one, and stops.
 */
export const bucketName = (main: Stack, purpose: 'archive' | 'ledger'): string =>
  `${main.stackName.toLowerCase()}-${purpose}-${main.account}-${main.region}`;

/** The log of a function. It has the name that Lambda would give it, because people and tools look for it there. */
export const logGroupName = (main: Stack, contract: Contract): string =>
  `/aws/lambda/${functionName(main, contract)}`;

/** Covers the logs of all functions of `main`. */
export const logGroupsArn = (main: Stack): string =>
  main.formatArn({
    service: 'logs',
    resource: 'log-group',
    resourceName: `/aws/lambda/${main.stackName}-*:*`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
