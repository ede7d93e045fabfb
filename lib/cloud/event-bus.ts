import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { remainingMs } from '#lib/runtime/deadline.ts';
import { lazy } from '#lib/runtime/lazy.ts';
import type * as Calls from './event-bus-calls.ts';
import type { NewEvent } from './new-event.ts';

/** No call waits longer than this, however late its deadline is. */
const LONGEST_MS = 15_000;

type Loaded = Readonly<{ calls: typeof Calls; client: EventBridgeClient }>;

/** The SDK is loaded by the first call, because most runs have nothing to publish. */
const loaded = lazy(async (): Promise<Loaded> => {
  const calls = await import('./event-bus-calls.ts');
  return { calls, client: calls.makeClient() };
});

/**
 * Puts up to ten events on a bus.
 * @param bus its name, from the environment
 * @param deadline in milliseconds since the epoch
 * @returns for each event, in the order given: why the bus refused it, or null
 * @throws the errors of the SDK when the bus does not answer, forbids it, or is busy for longer than several attempts take
 */
export const putOnBus = async (
  bus: string,
  events: readonly NewEvent[],
  deadline: number,
): Promise<readonly (string | null)[]> => {
  const { calls, client } = await loaded.get();
  const signal = AbortSignal.timeout(Math.min(LONGEST_MS, remainingMs(deadline)));
  return await calls.put(client, { bus, events }, signal);
};
