import { Stack } from 'aws-cdk-lib';
import { CfnEventBus } from 'aws-cdk-lib/aws-events';
import {
  AccountRootPrincipal,
  Effect,
  PolicyDocument,
  PolicyStatement,
  type Role,
} from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { Contract } from '#lib/contract/contract.ts';
import { busArn, busName } from './names.ts';
import { output } from './output.ts';
import type { StageSettings } from './stage-settings.ts';

/** Whether a contract hears events of the bus, or puts some on it. */
export const needsBus = ({ kind, needs }: Contract): boolean =>
  kind === 'queue' || needs.includes('event-bus');

/**
 * The bus on which the services tell each other what happened: one that is there already, or one of our own. The policy of our own
 * names this account and nobody else, and a bus refuses everybody whom its policy does not name.
 */
export class Bus extends Construct {
  readonly busName: string;
  readonly #arn: string;

  constructor(scope: Construct, id: string, { eventBus }: StageSettings) {
    super(scope, id);
    const main = Stack.of(this);
    this.busName = busName(main, eventBus);
    this.#arn = busArn(main, eventBus);
    if (eventBus === undefined) this.#make();
    output(this, 'EventBus', {
      value: this.busName,
      description: 'The bus on which this service hears other services, and tells them of customers',
    });
  }

  /** Lets the role of a function put events on this bus, and on no other. */
  grantPut(role: Role): void {
    role.addToPolicy(new PolicyStatement({ actions: ['events:PutEvents'], resources: [this.#arn] }));
  }

  #make(): void {
    const statement = new PolicyStatement({
      sid: 'OnlyThisAccount',
      effect: Effect.ALLOW,
      principals: [new AccountRootPrincipal()],
      actions: ['events:PutEvents'],
      resources: [this.#arn],
    });
    new CfnEventBus(this, 'Bus', {
      name: this.busName,
      description: 'Customer Management: events of services for services',
      policy: new PolicyDocument({ statements: [statement] }),
    });
  }
}
