import { describe, expect, it } from '@jest/globals';
import { type Role, ROLES } from '#lib/domain/access/scope.ts';
import { hiddenFrom } from '#lib/domain/access/hidden-fields.ts';

describe('hiddenFrom', () => {
  it('hides email, phone, note and invoicing from SUPPORT, and nothing from another role', () => {
    expect(hiddenFrom('SUPPORT')).toEqual(['email', 'phone', 'note', 'invoicing']);
    for (const role of ROLES.filter((one) => one !== 'SUPPORT'))
      expect([role, hiddenFrom(role)]).toEqual([role, []]);
  });

  it.each(['', 'ROOT', 'support', 'constructor', '__proto__'])(
    'decides nothing for %j, which is no role',
    (role) => {
      expect(() => hiddenFrom(role as Role)).toThrow('There is no rule for what this role may see.');
    },
  );
});
