import { toCustomerDto } from '#lib/contract/customer-dto.ts';
import { ok, type UseCase } from '#lib/contract/route.ts';
import type { BusinessScope } from '#lib/domain/access/scope.ts';
import type { Customer } from '#lib/domain/customers/customer.ts';
import { nobodyFound } from '#lib/domain/refusals.ts';
import type { AskExactly } from '#lib/serve/limits/exact-question.ts';
import type { contract } from './contract.ts';

type LookUp = (text: string, scope: BusinessScope) => Promise<Customer | null>;
type Needs = { findLiveByEmail: LookUp; findLiveByPhone: LookUp; askExactly: AskExactly };

const isFound = (customer: Customer | null): boolean => customer !== null;

/**
 * Answers the live customer with this email or, if there is none, with this phone. Refuses when there is none either.
 * The email and the phone are two exact questions: a phone that is found must not pay for a guessed email.
 */
export const lookUpCustomer =
  ({ findLiveByEmail, findLiveByPhone, askExactly }: Needs): UseCase<typeof contract> =>
  async ({ query: { email, phone } }, scope) => {
    const lookUp = async (find: LookUp, text: string | undefined): Promise<Customer | null> =>
      text === undefined ? null : await askExactly(() => find(text, scope), isFound, scope);
    const customer = (await lookUp(findLiveByEmail, email)) ?? (await lookUp(findLiveByPhone, phone));
    if (customer === null) throw nobodyFound();
    return ok(toCustomerDto(customer));
  };
