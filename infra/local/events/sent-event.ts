import { randomUUID } from 'node:crypto';
import { isObject, type JsonObject, textAt } from '../json.ts';
import type { PutEvent } from './event-system.ts';

export class NoEvent extends Error {}

const WANTED =
  'Send a CloudEvent: { "source": "beeoclock.order", "type": "beeoclock.order.changed.v1", "businessid": "<24 hexadecimal ' +
  'digits>", "data": { … } }, or a list of them. What is missing of specversion, id and time is filled in.';

/** What most events do not differ in. */
const filledIn = (event: JsonObject): JsonObject => ({
  specversion: '1.0',
  id: randomUUID(),
  time: new Date().toISOString(),
  ...event,
});

/**
 * Reads what `POST /_local/events` was sent: a CloudEvent, whose source and type the bus repeats; or the event as the bus has it,
 * with `source`, `detail-type` and `detail`, to try what happens when they differ.
 * @throws NoEvent
 */
export const readSentEvents = (body: unknown, busName: string): PutEvent[] =>
  (Array.isArray(body) ? body : [body]).map((sent: unknown) => {
    if (!isObject(sent)) throw new NoEvent(WANTED);
    const isOnBus = 'detail-type' in sent;
    const source = textAt(sent, 'source') ?? '';
    const detailType = textAt(sent, isOnBus ? 'detail-type' : 'type') ?? '';
    const detail = isOnBus ? sent.detail : filledIn(sent);
    if (source === '' || detailType === '' || !isObject(detail)) throw new NoEvent(WANTED);
    return { busName, source, detailType, detail };
  });
