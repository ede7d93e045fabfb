import * as z from 'zod';
import type { Customer } from '#lib/domain/customers/customer.ts';
import { Moment, ObjectIdText } from './customer-draft.ts';
import { CustomerDto, MomentText, toCustomerDto } from './customer-dto.ts';

/** How many customers one request may ask for. */
export const MOST_SNAPSHOTS = 100;

const takenAt = MomentText.meta({
  description: 'When the copy was taken. It is old once the customer has another `_version`.',
});

/** A copy of a customer for an order. */
export const AttendeeDto = z
  .object({
    object: z.literal('AttendeeDto'),
    customer: CustomerDto,
    firstTime: z.boolean(),
    takenAt,
  })
  .meta({ id: 'Attendee' });
export type AttendeeDto = z.infer<typeof AttendeeDto>;

/** A copy of a customer for a payment. */
export const PayerDto = z.object({ payer: CustomerDto, takenAt }).meta({ id: 'Payer' });
export type PayerDto = z.infer<typeof PayerDto>;

/** As what a copy is used. */
export const SnapshotUse = z.enum(['attendee', 'payer']).default('attendee');

/** For which order a copy is taken. */
export const orderParameters = {
  at: Moment.optional().meta({ description: 'When the order begins; now if absent. For `firstTime`.' }),
  exceptOrder: ObjectIdText.optional().meta({
    description: 'The order itself. It makes nobody a returning customer.',
  }),
};

/** A customer as it is copied, and whether it comes for the first time. */
type Copied = Readonly<{ customer: Customer; firstTime: boolean; takenAt: Date }>;

/** The copy for an order. */
export const toAttendeeDto = ({ customer, firstTime, takenAt: at }: Copied): AttendeeDto => ({
  object: 'AttendeeDto',
  customer: toCustomerDto(customer),
  firstTime,
  takenAt: at.toISOString(),
});

/** The copy for a payment. */
export const toPayerDto = ({ customer, takenAt: at }: Omit<Copied, 'firstTime'>): PayerDto => ({
  payer: toCustomerDto(customer),
  takenAt: at.toISOString(),
});
