import * as z from 'zod';
import { isSortable } from '#lib/domain/sortable-time.ts';

/** Printable and without spaces: it is stored, and shown in logs. */
const EVENT_ID = /^[\x21-\x7e]{1,128}$/;
/** The name of a service. Without @ and spaces, because logs and receipts show it. */
const SOURCE = /^[\w.:/-]{1,100}$/;
const TYPE = /^[a-z][a-z0-9.-]{0,127}$/;
const BUSINESS_ID = /^[0-9a-fA-F]{24}$/;

/** A moment from 1970 to 2286. */
export const Moment = z.iso
  .datetime({ offset: true })
  .transform((text) => new Date(text))
  // Events are put in order by their times.
  .refine(isSortable, {
    error: 'This must be a moment from 1970 to 2286.',
  });

/** The envelope of an event: CloudEvents 1.0 in JSON. What else an envelope may have is ignored. */
export const CloudEvent = z.object({
  specversion: z.literal('1.0'),
  id: z.string().regex(EVENT_ID),
  source: z.string().regex(SOURCE),
  type: z.string().regex(TYPE),
  /** When the sending service stored the state that the event tells of, by its own clock. */
  time: Moment,
  subject: z.string().min(1).max(255).optional(),
  businessid: z
    .string()
    .regex(BUSINESS_ID)
    .transform((id) => id.toLowerCase()),
  data: z.unknown(),
});

/** An event as the bus delivers it. `detail` is a CloudEvent. */
export const BusEvent = z.object({
  source: z.string(),
  'detail-type': z.string(),
  detail: z.unknown(),
});
