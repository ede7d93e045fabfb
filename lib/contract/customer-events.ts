import * as z from 'zod';
import { CUSTOMER_STATES } from '#lib/domain/customers/customer-state.ts';
import type { CustomerEvent, CustomerEventType } from '#lib/domain/messages/customer-event.ts';
import { CHANNELS } from '#lib/domain/rights/consents.ts';
import { MomentText } from './customer-dto.ts';
import { OWN_SOURCE } from './queue.ts';

const SEQUENCE_DIGITS = 10;
const Id = z.string().regex(/^[0-9a-f]{24}$/);
/** What it admits is a name of the code, so no value of a person. */
const FieldNames = z.array(z.string().regex(/^[a-z][A-Za-z]{0,39}$/));

/** What every event says about its customer. */
const OF_CUSTOMER = {
  customerId: Id,
  version: z.int().min(0).meta({ description: 'The `_version` of the customer after the change.' }),
  state: z.enum(CUSTOMER_STATES),
};
const fields = FieldNames.optional().meta({
  description:
    'The names of the fields that changed, never values. Absent in events that an earlier version of the service wrote.',
});
const survivorId = Id.optional().meta({
  description:
    'The customer that it was merged into. Absent in events that an earlier version of the service wrote.',
});

/** A CloudEvent about a customer: what the bus delivers as `detail`. */
const aboutCustomer = <const N extends string, D extends z.ZodRawShape>(
  name: N,
  description: string,
  more: D,
) =>
  z
    .object({
      specversion: z.literal('1.0'),
      id: Id.meta({ description: 'The same each time that this event is delivered.' }),
      source: z.literal(OWN_SOURCE),
      type: z.literal(`${OWN_SOURCE}.${name}.v1`),
      time: MomentText.meta({ description: 'When it happened.' }),
      subject: Id.meta({ description: 'The customer.' }),
      businessid: Id,
      partitionkey: Id.meta({
        description: 'The customer: `sequence` orders the events that share this key.',
      }),
      sequence: z
        .string()
        .regex(/^\d{10}$/)
        .meta({
          description:
            'Grows with each event of this customer, not without gaps. Drop an event whose sequence is lower than one you have.',
        }),
      data: z.object({ ...OF_CUSTOMER, ...more }),
    })
    .meta({ description });

/** Every event for other services, by its type in the outbox. */
export const CUSTOMER_EVENTS = {
  'customer-created': aboutCustomer('created', 'A customer was created.', { fields }),
  'customer-changed': aboutCustomer('changed', 'Fields of a customer changed, and its state did not.', {
    fields,
  }),
  'customer-state-changed': aboutCustomer(
    'state-changed',
    'The state of a customer changed, and maybe other fields with it. Deleting and restoring are such changes.',
    { from: z.enum(CUSTOMER_STATES), to: z.enum(CUSTOMER_STATES), fields },
  ),
  'customer-merged': aboutCustomer('merged', 'This customer was merged into another one, the survivor.', {
    survivorId,
  }),
  'customer-unmerged': aboutCustomer(
    'unmerged',
    'A merge was undone: this customer is one of its own again.',
    {
      survivorId,
    },
  ),
  'customer-erased': aboutCustomer(
    'erased',
    'A customer was erased, as the person has asked. Remove your copies of this customer.',
    { cause: z.literal('request') },
  ),
  'customer-purged': aboutCustomer(
    'purged',
    'A deleted customer was removed after its retention time. Remove your copies of this customer.',
    { cause: z.literal('retention') },
  ),
  'consent-changed': aboutCustomer('consent-changed', 'A customer allowed or refused something.', {
    changes: z
      .array(
        z.object({
          purpose: z.string().regex(/^[a-z][a-z0-9-]{1,39}$/),
          channel: z.enum(CHANNELS),
          granted: z.boolean(),
        }),
      )
      .optional()
      .meta({ description: 'What is in effect now for each purpose and channel that was spoken about.' }),
  }),
  'hold-changed': aboutCustomer('hold-changed', 'A legal hold was placed, replaced or released.', {}),
  'archived-away': aboutCustomer('archived-away', 'The record of a customer went to the archive.', {}),
  recalled: aboutCustomer('recalled', 'The record of a customer came back from the archive.', {}),
} as const satisfies Readonly<Record<CustomerEventType, z.ZodType>>;

/** An event as the bus gets it. */
export type CustomerCloudEvent = z.output<(typeof CUSTOMER_EVENTS)[CustomerEventType]>;

/** Whether this version of the service knows a type of the outbox. */
export const isEventType = (type: string): type is CustomerEventType => Object.hasOwn(CUSTOMER_EVENTS, type);

const CAUSES: Readonly<Partial<Record<CustomerEventType, string>>> = {
  'customer-erased': 'request',
  'customer-purged': 'retention',
};

/**
 * An event as the bus gets it, with the fields that its type declares and no others. Null when it does not fit them: another
 * version of the service wrote it, or somebody changed it.
 */
export const toCloudEvent = (event: CustomerEvent): CustomerCloudEvent | null => {
  const { type, id, businessId, customerId, seq, at, ...more } = event;
  if (!isEventType(type)) return null;
  const { data = null } = CUSTOMER_EVENTS[type].safeParse({
    ...{ specversion: '1.0', id, source: OWN_SOURCE, type: CUSTOMER_EVENTS[type].shape.type.value },
    ...{ time: at.toISOString(), subject: customerId, businessid: businessId, partitionkey: customerId },
    sequence: String(seq).padStart(SEQUENCE_DIGITS, '0'),
    data: { customerId, cause: CAUSES[type], ...more },
  });
  return data;
};
