import type * as z from 'zod';
import { BusEvent, CloudEvent } from '#lib/contract/cloud-event.ts';
import { type EventOf, OWN_SOURCE, type Queue } from '#lib/contract/queue.ts';
import { type EventIds, UnusableEvent } from './unusable-event.ts';

/** An event, and the business that its envelope names. */
export type ReadEvent<C extends Queue> = Readonly<{ businessId: string; event: EventOf<C> }>;

/**
 * Reads an event from the body of a message, and checks that its envelope says what the bus says.
 * @throws UnusableEvent, which names the place and never a value
 */
export const readEvent = <C extends Queue>(contract: C, body: string): ReadEvent<C> => {
  const onBus = parse(BusEvent, jsonIn(body), 'no-event-of-the-bus');
  const { detail } = onBus;
  const { businessid: businessId, data, ...envelope } = parse(CloudEvent, detail, 'no-cloud-event');
  const ids = { eventId: envelope.id, businessId };
  if (envelope.source !== onBus.source) throw new UnusableEvent('source-differs', { ids, path: ['source'] });
  if (envelope.type !== onBus['detail-type'])
    throw new UnusableEvent('type-differs', { ids, path: ['type'] });
  if (!isHeard(contract, envelope)) throw new UnusableEvent('not-for-this-queue', { ids, path: [] });
  const parsed = parse(contract.input, data, 'invalid-data', ids);
  const { id, source, type, time, subject } = envelope;
  // The value comes from the contract's own schema, but the compiler cannot follow that through `parse`.
  // eslint-disable-next-line @typescript-eslint/consistent-type-assertions
  return { businessId, event: { id, source, type, time, subject, data: parsed } as EventOf<C> };
};

const jsonIn = (body: string): unknown => {
  try {
    const parsed: unknown = JSON.parse(body);
    return parsed;
  } catch {
    // The message of JSON.parse quotes the input, so it is not passed on.
    throw new UnusableEvent('no-json', { ids: {}, path: [] });
  }
};

const parse = <S extends z.ZodType>(schema: S, value: unknown, code: string, ids?: EventIds): z.output<S> => {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new UnusableEvent(code, { ids: ids ?? idsIn(value), path: result.error.issues[0]?.path ?? [] });
};

/** What can be read of an envelope that is not valid: each field by its own rule. */
const idsIn = (value: unknown): EventIds => {
  if (typeof value !== 'object' || value === null) return {};
  const { id, businessid } = CloudEvent.shape;
  const eventId = 'id' in value ? id.safeParse(value.id).data : undefined;
  const businessId = 'businessid' in value ? businessid.safeParse(value.businessid).data : undefined;
  return { ...(eventId !== undefined && { eventId }), ...(businessId !== undefined && { businessId }) };
};

/** The rule of the bus lets only these through. A message that came another way is not handled. */
const isHeard = ({ sources, types }: Queue, { source, type }: { source: string; type: string }): boolean =>
  types.includes(type) && (sources === 'any-other' ? source !== OWN_SOURCE : sources.includes(source));
