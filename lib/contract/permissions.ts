import type { Role } from '#lib/domain/actor.ts';

/** What a route may ask for. contract.md's table of roles, as data. */
export const PERMISSIONS = [
  'READ_CUSTOMER',
  'CREATE_CUSTOMER',
  'UPDATE_CUSTOMER',
  'DELETE_CUSTOMER',
  'READ_CUSTOMER_HISTORY',
  'READ_CUSTOMER_SNAPSHOT',
  'RECORD_CUSTOMER_ACTIVITY',
  'MANAGE_CUSTOMER_SETTINGS',
  'MANAGE_CUSTOMER_PRIVACY',
  'MERGE_CUSTOMER',
  'SEND_TO_CUSTOMER',
] as const;
export type Permission = (typeof PERMISSIONS)[number];

const PERMISSIONS_OF: Readonly<Record<Role, readonly Permission[]>> = {
  OWNER: PERMISSIONS,
  ADMIN: PERMISSIONS,
  SPECIALIST: ['READ_CUSTOMER', 'CREATE_CUSTOMER', 'UPDATE_CUSTOMER', 'DELETE_CUSTOMER'],
  SUPPORT: ['READ_CUSTOMER'],
  PRIVACY: ['READ_CUSTOMER', 'READ_CUSTOMER_HISTORY', 'MANAGE_CUSTOMER_PRIVACY'],
  SERVICE: ['READ_CUSTOMER', 'READ_CUSTOMER_SNAPSHOT', 'RECORD_CUSTOMER_ACTIVITY'],
};

/** Whether a role may use what asks for this permission. */
export const isPermitted = (role: Role, permission: Permission): boolean =>
  PERMISSIONS_OF[role].includes(permission);
