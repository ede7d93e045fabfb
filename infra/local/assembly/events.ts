import { eventPattern } from '../events/event-pattern.ts';
import { type JsonObject, isObject, listAt, numberAt, objectAt, textAt } from '../json.ts';
import type { Resource } from './cloud-assembly.ts';
import type {
  EventsDefinition,
  FunctionDefinition,
  MappingDefinition,
  QueueDefinition,
  RuleDefinition,
} from './definitions.ts';
import { covers, refersTo } from './grants.ts';
import { LOCAL_ACCOUNT, localArn, localName, type Resolve } from './intrinsic.ts';

/** The properties that are played, or that need nothing here. */
const PLAYED: Readonly<Record<string, readonly string[]>> = {
  'AWS::Events::EventBus': ['Name', 'Description', 'Policy', 'Tags'],
  'AWS::Events::Rule': ['Name', 'Description', 'EventBusName', 'EventPattern', 'Targets', 'Tags'],
  'AWS::SQS::Queue': [
    'QueueName',
    'SqsManagedSseEnabled',
    'MessageRetentionPeriod',
    'VisibilityTimeout',
    'RedrivePolicy',
    'RedriveAllowPolicy',
    'Tags',
  ],
  'AWS::Lambda::EventSourceMapping': [
    'FunctionName',
    'EventSourceArn',
    'BatchSize',
    'FunctionResponseTypes',
    'ScalingConfig',
    'Tags',
  ],
};
const TARGET_PROPERTIES = ['Id', 'Arn', 'DeadLetterConfig'];
/** What Lambda does with a queue in the name of the function. */
const POLLING = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];

const DEFAULT_BATCH = 10;
/** Lambda has no limit of its own for a mapping. */
const MANY_AT_ONCE = 1_000;

const refuseUnplayed = ({ path, type, properties }: Resource): void => {
  const unplayed = Object.keys(properties).find((name) => !(PLAYED[type] ?? []).includes(name));
  if (unplayed !== undefined) throw new Error(`${path} has ${unplayed}, which is not played here.`);
};

type Read = Readonly<{
  resources: readonly Resource[];
  resolve: Resolve;
  target: (within: Resource, named: unknown) => FunctionDefinition;
}>;

const ofType = ({ resources }: Read, type: string): Resource[] => {
  const found = resources.filter((resource) => resource.type === type);
  found.forEach(refuseUnplayed);
  return found;
};

/** The statements of the policies of a queue. */
const policyOf = ({ resources }: Read, queue: Resource): [JsonObject, Resource][] =>
  resources
    .filter(
      ({ type, stack, properties }) =>
        type === 'AWS::SQS::QueuePolicy' &&
        stack === queue.stack &&
        listAt(properties, 'Queues').some((named) => refersTo(named, queue.id)),
    )
    .flatMap((policy) =>
      listAt(objectAt(policy.properties, 'PolicyDocument'), 'Statement')
        .filter(isObject)
        .map((statement): [JsonObject, Resource] => [statement, policy]),
    );

/** Whether a statement lets a rule of EventBridge send to the queue. */
const letsSend = (
  [statement, within]: [JsonObject, Resource],
  { resolve }: Read,
  { queueArn, ruleArn }: Readonly<{ queueArn: string; ruleArn: string }>,
): boolean => {
  const sources = listAt(objectAt(objectAt(statement, 'Condition'), 'ArnEquals'), 'aws:SourceArn');
  const covering = (list: readonly unknown[], text: string): boolean =>
    list.some((pattern) => covers(String(resolve(pattern, within)), text));
  return (
    textAt(statement, 'Effect') === 'Allow' &&
    listAt(objectAt(statement, 'Principal'), 'Service').includes('events.amazonaws.com') &&
    covering(listAt(statement, 'Action'), 'sqs:SendMessage') &&
    covering(listAt(statement, 'Resource'), queueArn) &&
    (sources.length === 0 || covering(sources, ruleArn))
  );
};

const queueOf = (read: Read, queue: Resource): QueueDefinition => {
  const arn = localArn(queue);
  const redrive = objectAt(queue.properties, 'RedrivePolicy');
  const afterReceives = numberAt(redrive, 'maxReceiveCount');
  const statements = policyOf(read, queue);
  return {
    name: localName(queue),
    arn,
    path: queue.path,
    ...(afterReceives !== undefined && {
      redrive: {
        afterReceives,
        deadLettersArn: String(read.resolve(redrive.deadLetterTargetArn, queue)),
      },
    }),
    takesFrom: (ruleArn) =>
      statements.some((statement) => letsSend(statement, read, { queueArn: arn, ruleArn })),
  };
};

type Queues = ReadonlyMap<string, QueueDefinition>;

const queueArnIn = (queues: Queues, within: Resource, arn: string): string => {
  if (!queues.has(arn))
    throw new Error(`${within.path} leads to ${arn}, which is not a queue of this assembly.`);
  return arn;
};

const ruleOf = ({ resolve }: Read, queues: Queues, rule: Resource): RuleDefinition => {
  const targets = listAt(rule.properties, 'Targets').filter(isObject);
  return {
    name: localName(rule),
    arn: localArn(rule),
    busName: String(resolve(rule.properties.EventBusName ?? 'default', rule)),
    matches: eventPattern(objectAt(rule.properties, 'EventPattern'), rule.path),
    targets: targets.map((target) => {
      const unplayed = Object.keys(target).find((name) => !TARGET_PROPERTIES.includes(name));
      if (unplayed !== undefined) throw new Error(`${rule.path} has ${unplayed}, which is not played here.`);
      const last = objectAt(target, 'DeadLetterConfig').Arn;
      return {
        queueArn: queueArnIn(queues, rule, String(resolve(target.Arn, rule))),
        ...(last !== undefined && { lastArn: queueArnIn(queues, rule, String(resolve(last, rule))) }),
      };
    }),
  };
};

const mappingOf = ({ resolve, target }: Read, queues: Queues, mapping: Resource): MappingDefinition => {
  const { properties, path } = mapping;
  const queueArn = queueArnIn(queues, mapping, String(resolve(properties.EventSourceArn, mapping)));
  const polling = target(mapping, properties.FunctionName);
  const lacking = POLLING.find((action) => !polling.mayDo(action, queueArn));
  if (lacking !== undefined)
    throw new Error(
      `${path} polls for ${polling.name}, whose role does not allow ${lacking} on ${queueArn}.`,
    );
  return {
    queueArn,
    target: polling,
    batchSize: numberAt(properties, 'BatchSize') ?? DEFAULT_BATCH,
    mostAtOnce: numberAt(objectAt(properties, 'ScalingConfig'), 'MaximumConcurrency') ?? MANY_AT_ONCE,
    isPartial: listAt(properties, 'FunctionResponseTypes').includes('ReportBatchItemFailures'),
  };
};

/** The buses of the stacks, and those that a rule only names: they are there already. */
const busesOf = (read: Read, rules: readonly RuleDefinition[]): EventsDefinition['buses'] => {
  const { partition, region, accountId } = LOCAL_ACCOUNT;
  const names = [
    ...ofType(read, 'AWS::Events::EventBus').map(localName),
    ...rules.map(({ busName }) => busName),
  ];
  return [...new Set(names)].map((name) => ({
    name,
    arn: `arn:${partition}:events:${region}:${accountId}:event-bus/${name}`,
  }));
};

/**
 * Reads the buses, rules, queues and what polls them.
 * @throws Error naming the resource that cannot be played
 */
export const readEvents = (
  resources: readonly Resource[],
  resolve: Resolve,
  target: Read['target'],
): EventsDefinition => {
  const read = { resources, resolve, target };
  const queues = new Map(
    ofType(read, 'AWS::SQS::Queue').map((queue) => [localArn(queue), queueOf(read, queue)]),
  );
  const rules = ofType(read, 'AWS::Events::Rule').map((rule) => ruleOf(read, queues, rule));
  const mappings = ofType(read, 'AWS::Lambda::EventSourceMapping').map((mapping) =>
    mappingOf(read, queues, mapping),
  );
  return { buses: busesOf(read, rules), rules, queues: [...queues.values()], mappings };
};
