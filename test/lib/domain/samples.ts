import { fc } from '#test/support/fast-check.ts';
import { type Customer, type CustomerFields, newCustomer } from '#lib/domain/customers/customer.ts';
import { Refusal, type RefusalCode } from '#lib/domain/errors.ts';
import { type BusinessSettings, DEFAULT_SETTINGS } from '#lib/domain/business/business-settings.ts';

export const ID = '5f1d7f3a9c3b4e2d8a6c1b0f';
export const START = new Date('2026-01-01T00:00:00.000Z');

/** A moment so many seconds after the start. */
export const after = (seconds: number): Date => new Date(START.getTime() + seconds * 1_000);

export const rules = (settings: Partial<BusinessSettings> = {}, at = START) => ({
  at,
  settings: { ...DEFAULT_SETTINGS, ...settings },
});

/** Fields of a regular customer that break no rule. */
export const someFields = (overrides: CustomerFields = {}): CustomerFields => ({
  firstName: 'Anna',
  lastName: 'Kowalska',
  email: 'Anna@example.com',
  phone: '+48 512 345 678',
  ...overrides,
});

export const aCustomer = (overrides: CustomerFields = {}): Customer =>
  newCustomer(ID, someFields(overrides), rules());

/** What a step refused: its code and the rules that said no. Fails when it did not refuse. */
export const refusalOf = (
  step: () => unknown,
): { code: RefusalCode; errors: string[]; pointers: string[] } => {
  try {
    step();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const violations = error.details.violations ?? [];
    return {
      code: error.code,
      errors: violations.map((violation) => violation.error),
      pointers: violations.map(({ pointer }) => pointer),
    };
  }
  throw new Error('Nothing was refused.');
};

/** Names as people have them, of several scripts, composed. */
export const aName = (): fc.Arbitrary<string> =>
  fc
    .string({
      unit: fc.constantFrom(
        ...Array.from("aąbćdeéęfgiıİłŁmnñoøóöprsßşštuüvwxyzžÀÆŒабвгдеёжиїйіЄєМЙЮяαάςσΣΩ'’- "),
      ),
      minLength: 1,
      maxLength: 40,
    })
    .filter((name) => name.trim() !== '');
