import * as z from 'zod';
import { CustomerChanges, CustomerDraft, CustomerPath } from './customer-draft.ts';
import { CustomerDto } from './customer-dto.ts';

/** The answer for a deleted customer. */
export const DeletedCustomer = z.object({ _id: z.string(), state: z.literal('deleted') });

/** The contract of a create, as a single request or in a bulk: permission, input and answers. */
export const creation = {
  permission: 'CREATE_CUSTOMER',
  body: CustomerDraft,
  answers: { 201: CustomerDto, 200: CustomerDto },
  problems: ['duplicate-email', 'duplicate-phone', 'id-taken', 'illegal-transition'],
} as const;

/** The contract of a change, likewise. */
export const change = {
  permission: 'UPDATE_CUSTOMER',
  params: CustomerPath,
  body: CustomerChanges,
  answers: { 200: CustomerDto },
  problems: ['customer-not-found', 'duplicate-email', 'duplicate-phone', 'illegal-transition'],
} as const;

/** The contract of a deletion, likewise. */
export const deletion = {
  permission: 'DELETE_CUSTOMER',
  params: CustomerPath,
  answers: { 200: DeletedCustomer },
  problems: [],
} as const;
