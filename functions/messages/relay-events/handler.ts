import { putOnBus } from '#lib/cloud/event-bus.ts';
import type { CustomerCloudEvent } from '#lib/contract/customer-events.ts';
import { requiredSetting } from '#lib/runtime/config.ts';
import { describeError, logEvent } from '#lib/runtime/logger.ts';
import { measure } from '#lib/runtime/metrics.ts';
import { serveTask } from '#lib/serve/serve-task.ts';
import { isNext, underLease, waitNext } from '#lib/store/leases/lease.ts';
import { findPending, markPublished, noteRefused, readLagMs } from '#lib/store/messages/pending-events.ts';
import { contract } from './contract.ts';
import { relayEvents } from './relay-events.ts';

const put = (events: readonly CustomerCloudEvent[], deadline: number) => {
  const entries = events.map((event) => ({
    source: event.source,
    type: event.type,
    time: new Date(event.time),
    detail: JSON.stringify(event),
  }));
  return putOnBus(requiredSetting('EVENT_BUS'), entries, deadline);
};

const ports = {
  ...{
    underLease,
    waitNext,
    isNext,
    findPending,
    markPublished,
    noteRefused,
    readLagMs,
    put,
    describeError,
    logEvent,
  },
  reportLag: (seconds: number) => {
    measure('OutboxLagSeconds', seconds);
  },
  pause: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)),
  now: () => new Date(),
};
export const handler = serveTask(contract, relayEvents(ports));
