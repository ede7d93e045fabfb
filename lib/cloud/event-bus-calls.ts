import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { clientSettings } from './client-settings.ts';
import type { NewEvent } from './new-event.ts';

/** A bus that is busy says so, and the SDK waits longer before each attempt. */
const ATTEMPTS = 5;

/** The client of this environment. */
export const makeClient = (): EventBridgeClient =>
  new EventBridgeClient({ ...clientSettings('AWS_ENDPOINT_URL_EVENTBRIDGE'), maxAttempts: ATTEMPTS });

/** An event that the answer says nothing about. */
const UNANSWERED = 'Unanswered';

/** For each event, in the order given: why the bus refused it, or null. */
export const put = async (
  client: EventBridgeClient,
  { bus, events }: Readonly<{ bus: string; events: readonly NewEvent[] }>,
  abortSignal: AbortSignal,
): Promise<readonly (string | null)[]> => {
  const command = new PutEventsCommand({
    Entries: events.map(({ source, type, time, detail }) => ({
      EventBusName: bus,
      Source: source,
      DetailType: type,
      Time: time,
      Detail: detail,
    })),
  });
  const { Entries: answers = [] } = await client.send(command, { abortSignal });
  return events.map((_, index) => {
    const { EventId: accepted, ErrorCode: code = UNANSWERED } = answers[index] ?? {};
    return accepted === undefined ? code : null;
  });
};
