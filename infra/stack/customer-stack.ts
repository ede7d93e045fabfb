import { CfnOutput, Stack } from 'aws-cdk-lib';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import type { Contract } from '#lib/contract/contract.ts';
import { AlarmTopic } from './alarm-topic.ts';
import { Buckets, neededBuckets } from './buckets.ts';
import { Bus, needsBus } from './bus.ts';
import { CustomerApi } from './customer-api.ts';
import { Secrets } from './secrets.ts';
import { stageSettings } from './stage-settings.ts';
import { UseCaseFunction } from './use-case-function.ts';

export type CustomerStackProps = Readonly<{
  contracts: readonly Contract[];
  /** Folder that holds `<name>/index.cjs`. */
  bundles: string;
}>;

/**
 * The main stack, made from the contracts: a function for each, its route if it has one, and what must never be replaced.
 * It refers to neither of the other stacks, which refer to it.
 */
export class CustomerStack extends Stack {
  readonly contracts: readonly Contract[];
  readonly api: HttpApi;
  readonly alarmTopic: Topic;
  /** The logs that hold access lines, by the name of their use case: only those with a purpose write them. */
  readonly accessLogs: ReadonlyMap<string, LogGroup>;
  /** The logs of the functions that may write to the database, by the name of their use case. */
  readonly writersLogs: ReadonlyMap<string, LogGroup>;
  /** The bus, if some contract needs it. */
  readonly busName: string | undefined;

  constructor(scope: Construct, id: string, { contracts, bundles }: CustomerStackProps) {
    super(scope, id, { description: 'Customer Management: one Lambda per use case behind an HTTP API' });
    const settings = stageSettings(this.node);
    const secrets = new Secrets(this, 'Secrets');
    const needed = neededBuckets(contracts);
    const buckets = new Buckets(this, 'Buckets', { needed, settings });
    const bus = contracts.some(needsBus) ? new Bus(this, 'Events', settings) : undefined;
    const api = new CustomerApi(this, 'Api', settings);
    // These ids make the logical ids: with other ids CloudFormation would replace the topic and its subscription.
    const { topic } = new AlarmTopic(this, 'Alarms', {
      ...(settings.alarmEmail !== undefined && { email: settings.alarmEmail }),
    });
    const accessLogs = new Map<string, LogGroup>();
    const writersLogs = new Map<string, LogGroup>();
    for (const contract of contracts) {
      const useCase = new UseCaseFunction(this, contract.name, {
        contract,
        secrets,
        buckets,
        bus,
        settings,
        bundles,
      });
      this.#open(contract, useCase, api);
      if ('purpose' in contract) accessLogs.set(contract.name, useCase.logGroup);
      if (mayWrite(contract)) writersLogs.set(contract.name, useCase.logGroup);
    }
    this.contracts = contracts;
    this.api = api.api;
    this.alarmTopic = topic;
    this.accessLogs = accessLogs;
    this.writersLogs = writersLogs;
    this.busName = bus?.busName;
  }

  /** A new kind of contract does not compile until it is listed here. */
  #open(contract: Contract, { lambda, logGroup }: UseCaseFunction, api: CustomerApi): void {
    switch (contract.kind) {
      case 'route':
        api.addRoute(contract, lambda);
        return;
      case 'schedule':
      case 'queue':
        return;
      case 'operation':
        new CfnOutput(this, `${contract.name}-function`, { value: lambda.functionName });
        return;
      case 'subscription':
        new CfnOutput(this, `${contract.name}-log`, { value: logGroup.logGroupName });
        return;
      default:
        contract satisfies never;
    }
  }
}

/** A GET is without effect. */
const mayWrite = (contract: Contract): boolean =>
  contract.needs.includes('database') && !(contract.kind === 'route' && contract.method === 'GET');
