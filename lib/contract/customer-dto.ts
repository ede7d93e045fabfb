import * as z from 'zod';
import { type Customer, CUSTOMER_TYPES, writtenStateOf } from '#lib/domain/customer.ts';
import { WRITTEN_STATES } from '#lib/domain/customer-state.ts';

const text = z.string().nullable();
/** As `2026-01-31T23:59:59.999Z`. */
export const MomentText = z.string().meta({ format: 'date-time' });

/** A customer as it goes out. Types only: a masked email must pass. */
export const CustomerDto = z
  .object({
    _id: z.string(),
    object: z.literal('CustomerDto'),
    _version: z.string().meta({ description: 'Changes on every write; also the ETag.' }),
    firstName: text,
    lastName: text,
    phone: text.meta({ description: 'Digits only.' }),
    email: text.meta({ description: 'Letter case as given.' }),
    note: text,
    customerType: z.enum(CUSTOMER_TYPES),
    state: z.enum(WRITTEN_STATES).meta({ description: '`inactive` is another spelling of `suspended`.' }),
    stateHistory: z.array(z.object({ state: z.enum(WRITTEN_STATES), setAt: MomentText })),
    createdAt: MomentText,
    updatedAt: MomentText,
  })
  .meta({ id: 'CustomerDto' });
export type CustomerDto = z.infer<typeof CustomerDto>;

/** What the API shows of a customer. */
export const toCustomerDto = (customer: Customer): CustomerDto => ({
  _id: customer.id,
  object: 'CustomerDto',
  _version: String(customer.version),
  firstName: customer.firstName,
  lastName: customer.lastName,
  phone: customer.phone,
  email: customer.email,
  note: customer.note,
  customerType: customer.customerType,
  state: writtenStateOf(customer),
  stateHistory: customer.stateHistory.map(({ state, setAt }) => ({ state, setAt: setAt.toISOString() })),
  createdAt: customer.createdAt.toISOString(),
  updatedAt: customer.updatedAt.toISOString(),
});
