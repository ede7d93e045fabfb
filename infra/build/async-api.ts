import * as z from 'zod';
import { CUSTOMER_EVENTS, isEventType, toCloudEvent } from '#lib/contract/customer-events.ts';
import { OWN_SOURCE } from '#lib/contract/queue.ts';
import packageFile from '../../package.json' with { type: 'json' };
import type { CustomerEvent, CustomerEventType } from '#lib/domain/messages/customer-event.ts';

const CHANNEL = 'customerEvents';
const types = Object.keys(CUSTOMER_EVENTS).filter((type) => isEventType(type));
/** Types after which a customer is gone. */
const ENDS: readonly CustomerEventType[] = ['customer-merged', 'customer-erased', 'customer-purged'];

/** `beeoclock.customer.state-changed.v1` as `state-changed`. */
const nameOf = (type: CustomerEventType): string =>
  CUSTOMER_EVENTS[type].shape.type.value.replace(`${OWN_SOURCE}.`, '').replace('.v1', '');

/** What happens in the examples. */
const EXAMPLE: Omit<CustomerEvent, 'type'> = {
  id: '66f0c0de0000000000000001',
  businessId: '5f1d7f1d7f1d7f1d7f1d7f1d',
  customerId: '66f0c0de00000000000000aa',
  seq: 7,
  version: 4,
  state: 'suspended',
  at: new Date('2026-01-31T23:59:59.999Z'),
  fields: ['firstName', 'state'],
  changes: [{ purpose: 'marketing', channel: 'email', granted: false }],
  from: 'active',
  to: 'suspended',
  survivorId: '66f0c0de00000000000000bb',
};

const messageOf = (type: CustomerEventType) => {
  const {
    $schema: _,
    description,
    ...payload
  } = z.toJSONSchema(CUSTOMER_EVENTS[type], {
    target: 'draft-7',
    // A version of an event may get new fields, so a consumer must not refuse them.
    io: 'input',
  });
  const example = { ...EXAMPLE, type, ...(ENDS.includes(type) && { state: 'deleted' as const }) };
  return {
    name: CUSTOMER_EVENTS[type].shape.type.value,
    title: nameOf(type),
    summary: description,
    contentType: 'application/cloudevents+json',
    payload,
    examples: [{ name: nameOf(type), payload: toCloudEvent(example) }],
  };
};

const DESCRIPTION =
  'What other services hear about customers. The `detail` of each event on the bus is a CloudEvent 1.0, and its `source` and ' +
  '`detail-type` repeat those of the CloudEvent. No event holds personal data: read the customer if you need more. Each event ' +
  'comes at least once, with the same `id` each time, and a bus does not promise an order: drop an event whose `sequence` is ' +
  'lower than one that you have of the same `partitionkey`.';

/** The events that this service puts on the bus, as AsyncAPI 3.0, generated only from their schemas. */
export const asyncApiDocument = () => ({
  asyncapi: '3.0.0',
  info: { title: 'Customer Management: events', version: packageFile.version, description: DESCRIPTION },
  defaultContentType: 'application/json',
  channels: {
    [CHANNEL]: {
      address: null,
      description: 'The event bus that the service is deployed with, on Amazon EventBridge.',
      messages: Object.fromEntries(
        types.map((type) => [nameOf(type), { $ref: `#/components/messages/${nameOf(type)}` }]),
      ),
    },
  },
  operations: {
    tellOfCustomers: {
      action: 'send',
      channel: { $ref: `#/channels/${CHANNEL}` },
      summary: 'Tell other services what happened to a customer.',
    },
  },
  components: { messages: Object.fromEntries(types.map((type) => [nameOf(type), messageOf(type)])) },
});

/** The text of docs/events/asyncapi.json. */
export const asyncApiText = (): string => `${JSON.stringify(asyncApiDocument(), null, 2)}\n`;
