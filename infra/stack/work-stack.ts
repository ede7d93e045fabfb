import { CrossStackReferences, ReferenceStrength, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Contract } from '#lib/contract/contract.ts';
import type { CustomerStack } from './customer-stack.ts';
import { QueuedUseCase } from './queued-use-case.ts';
import { ScheduledUseCase } from './scheduled-use-case.ts';
import { SubscribedUseCase } from './subscribed-use-case.ts';

/** What starts functions without a request: schedules, log subscriptions and queues. The functions are in the main stack. */
export class WorkStack extends Stack {
  constructor(scope: Construct, id: string, main: CustomerStack) {
    super(scope, id, { description: 'Customer Management: schedules, log subscriptions and queues' });
    CrossStackReferences.of(this).consume(ReferenceStrength.WEAK);
    // An earlier version had these schedules in the main stack: it must delete them before this one creates them.
    this.addStackDependency(main);
    for (const contract of main.contracts) this.#start(contract, main);
  }

  /** A new kind of contract does not compile until it is listed here. */
  #start(contract: Contract, main: CustomerStack): void {
    switch (contract.kind) {
      case 'route':
      case 'operation':
        return;
      case 'schedule':
        new ScheduledUseCase(this, `${contract.name}-schedule`, {
          contract,
          main,
          writers: main.writersLogs,
        });
        return;
      case 'subscription':
        new SubscribedUseCase(this, `${contract.name}-subscription`, {
          contract,
          main,
          sources: main.accessLogs,
        });
        return;
      case 'queue':
        new QueuedUseCase(this, `${contract.name}-queue`, { contract, main, busName: main.busName ?? '' });
        return;
      default:
        contract satisfies never;
    }
  }
}
