import { type CustomerDto, toCustomerDto } from '#lib/contract/customer-dto.ts';
import { ok, type UseCase } from '#lib/contract/route.ts';
import type { BusinessScope } from '#lib/domain/access/scope.ts';
import { customerNotFound } from '#lib/domain/refusals.ts';
import type { DuplicatePair, DuplicatesPage } from '#lib/store/duplicates/possible-duplicates.ts';
import type { contract } from './contract.ts';

type Needs = {
  readDuplicates: (
    query: { pageSize: number; cursor: string | undefined },
    scope: BusinessScope,
  ) => Promise<DuplicatesPage>;
  readDuplicatesOf: (
    query: { customerId: string; pageSize: number },
    scope: BusinessScope,
  ) => Promise<DuplicatesPage | null>;
};

/** Answers pairs of customers that may be the same person: a page of all pairs, or the pairs of one customer. */
export const findDuplicates =
  ({ readDuplicates, readDuplicatesOf }: Needs): UseCase<typeof contract> =>
  async ({ query: { customerId, pageSize, cursor } }, scope) => {
    const page =
      customerId === undefined
        ? await readDuplicates({ pageSize, cursor }, scope)
        : await readDuplicatesOf({ customerId, pageSize }, scope);
    if (page === null) throw customerNotFound();
    const { pairs, nextCursor, tooCommon } = page;
    return ok({
      items: pairs.map(toPairDto),
      ...(nextCursor !== null && { nextCursor }),
      ...(tooCommon.length > 0 && { tooCommon: [...tooCommon] }),
    });
  };

const toPairDto = ({ customers: [one, other], score, reasons }: DuplicatePair) => {
  const customers: [CustomerDto, CustomerDto] = [toCustomerDto(one), toCustomerDto(other)];
  return { customers, score, reasons: [...reasons] };
};
