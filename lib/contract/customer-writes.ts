import * as z from 'zod';
import type { Customer } from '#lib/domain/customer.ts';
import { CustomerChanges, CustomerDraft, CustomerPath } from './customer-draft.ts';
import { CustomerDto, toCustomerDto } from './customer-dto.ts';
import { created, ok } from './route.ts';

/** What is left to say of a deleted customer. */
export const DeletedCustomer = z.object({ _id: z.string(), state: z.literal('deleted') });

/** A create, by itself or in a bulk: who may, what comes in, what goes out. */
export const creation = {
  permission: 'CREATE_CUSTOMER',
  body: CustomerDraft,
  answers: { 201: CustomerDto, 200: CustomerDto },
  problems: ['duplicate-email', 'duplicate-phone', 'id-taken', 'illegal-transition'],
  statusOf: { 'illegal-transition': 400 },
} as const;

/** Likewise a change. */
export const change = {
  permission: 'UPDATE_CUSTOMER',
  params: CustomerPath,
  body: CustomerChanges,
  answers: { 200: CustomerDto },
  problems: ['customer-not-found', 'duplicate-email', 'duplicate-phone', 'illegal-transition'],
  statusOf: { 'illegal-transition': 400 },
} as const;

/** Likewise a deletion. */
export const deletion = {
  permission: 'DELETE_CUSTOMER',
  params: CustomerPath,
  answers: { 200: DeletedCustomer },
  problems: [],
} as const;

/** 201 for a new customer, 200 for one that was there already. */
export const createdOrThere = ({ customer, isNew }: { customer: Customer; isNew: boolean }) =>
  isNew ? created(toCustomerDto(customer)) : ok(toCustomerDto(customer));

/** The same answer whether there was anybody to delete or not. */
export const deleted = (id: string) => ok({ _id: id, state: 'deleted' as const });
