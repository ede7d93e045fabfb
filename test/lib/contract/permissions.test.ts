import { describe, expect, it } from '@jest/globals';
import { isPermitted, type Permission, PERMISSIONS } from '#lib/contract/permissions.ts';
import { ROLES } from '#lib/domain/access/scope.ts';

/** contract.md's table of roles, spelt out by permission. */
const TABLE: Readonly<Record<Permission, string>> = {
  // prettier-ignore
  //                         OWNER ADMIN SPECIALIST SUPPORT PRIVACY SERVICE
  READ_CUSTOMER: '            x     x     x          x       x       x',
  CREATE_CUSTOMER: '          x     x     x          .       .       .',
  UPDATE_CUSTOMER: '          x     x     x          .       .       .',
  DELETE_CUSTOMER: '          x     x     x          .       .       .',
  READ_CUSTOMER_HISTORY: '    x     x     .          .       x       .',
  READ_CUSTOMER_SNAPSHOT: '   x     x     .          .       .       x',
  RECORD_CUSTOMER_ACTIVITY: ' x     x     .          .       .       x',
  MANAGE_CUSTOMER_SETTINGS: ' x     x     .          .       .       .',
  MANAGE_CUSTOMER_PRIVACY: '  x     x     .          .       x       .',
  RECALL_CUSTOMER: '          x     x     x          .       x       .',
  MERGE_CUSTOMER: '           x     x     .          .       .       .',
  RECORD_CONSENT: '           x     x     x          .       x       x',
  SEND_TO_CUSTOMER: '         x     x     .          .       .       x',
};

describe('a permission', () => {
  it('is decided for every role', () => {
    expect([...PERMISSIONS].sort()).toEqual(Object.keys(TABLE).sort());
  });

  it.each(PERMISSIONS)('%s is given as the table says', (permission) => {
    const marks = ROLES.map((role) => (isPermitted(role, permission) ? 'x' : '.'));
    expect(marks).toEqual(TABLE[permission].trim().split(/ +/));
  });
});
