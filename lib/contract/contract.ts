import type { Queue } from './queue.ts';
import type { Route } from './route.ts';
import type { Subscription } from './subscription.ts';
import type { Operation, Schedule } from './task.ts';

/** The contract of any use case: a route, a schedule, an operation, a subscription or a queue. */
export type Contract = Route | Schedule | Operation | Subscription | Queue;
