import type { Route } from './route.ts';
import type { Subscription } from './subscription.ts';
import type { Operation, Schedule } from './task.ts';

/** The contract of any use case: a route, a schedule, an operation or a subscription. */
export type Contract = Route | Schedule | Operation | Subscription;
