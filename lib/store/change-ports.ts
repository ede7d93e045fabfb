import { findCustomer } from './customer-reader.ts';
import { changeCustomer } from './customers.ts';
import { settingsOf } from './settings.ts';

/** What every use case that changes a customer leans on: read it, judge by the business's settings, stage the change. */
export const changePorts = { settingsOf, findCustomer, changeCustomer, now: () => new Date() };
export type ChangePorts = typeof changePorts;
