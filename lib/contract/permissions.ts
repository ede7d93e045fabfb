import type { Role } from '#lib/domain/access/scope.ts';

/** The permissions that routes require. */
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
  'RECALL_CUSTOMER',
  'MERGE_CUSTOMER',
  'RECORD_CONSENT',
  'SEND_TO_CUSTOMER',
] as const;
export type Permission = (typeof PERMISSIONS)[number];

const PERMISSIONS_OF: Readonly<Record<Role, readonly Permission[]>> = {
  OWNER: PERMISSIONS,
  ADMIN: PERMISSIONS,
  SPECIALIST: [
    'READ_CUSTOMER',
    'CREATE_CUSTOMER',
    'UPDATE_CUSTOMER',
    'DELETE_CUSTOMER',
    'RECORD_CONSENT',
    'RECALL_CUSTOMER',
  ],
  SUPPORT: ['READ_CUSTOMER'],
  PRIVACY: [
    'READ_CUSTOMER',
    'READ_CUSTOMER_HISTORY',
    'MANAGE_CUSTOMER_PRIVACY',
    'RECORD_CONSENT',
    'RECALL_CUSTOMER',
  ],
  SERVICE: [
    'READ_CUSTOMER',
    'READ_CUSTOMER_SNAPSHOT',
    'RECORD_CUSTOMER_ACTIVITY',
    'RECORD_CONSENT',
    'SEND_TO_CUSTOMER',
  ],
};

/** Whether a role includes a permission. */
export const isPermitted = (role: Role, permission: Permission): boolean =>
  PERMISSIONS_OF[role].includes(permission);
