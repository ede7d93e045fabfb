import * as z from 'zod';
import { type Customer, writtenStateOf } from '#lib/domain/customers/customer.ts';
import { CUSTOMER_TYPES } from '#lib/domain/customers/customer-details.ts';
import { WRITTEN_STATES } from '#lib/domain/customers/customer-state.ts';

const text = z.string().nullable();
/** A moment in an answer, for example `2026-01-31T23:59:59.999Z`. */
export const MomentText = z.string().meta({ format: 'date-time' });

/** A customer in an answer. Only types are checked, because a masked email must be accepted. */
export const CustomerDto = z
  .object({
    _id: z.string(),
    object: z.literal('CustomerDto'),
    _version: z.string().meta({ description: 'Changes with every write. It is also the ETag.' }),
    firstName: text,
    lastName: text,
    phone: text.meta({ description: 'International digits, with `+` when it was sent with one.' }),
    email: text.meta({ description: 'In the letter case that was sent.' }),
    note: text,
    customerType: z.enum(CUSTOMER_TYPES),
    state: z.enum(WRITTEN_STATES).meta({ description: '`inactive` is another spelling of `suspended`.' }),
    stateHistory: z.array(z.object({ state: z.enum(WRITTEN_STATES), setAt: MomentText })),
    createdAt: MomentText,
    updatedAt: MomentText,
  })
  .meta({ id: 'CustomerDto' });
export type CustomerDto = z.infer<typeof CustomerDto>;

/** The answer form of a customer. */
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
