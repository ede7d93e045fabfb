import { type CustomerDto, toCustomerDto } from '#lib/contract/customer-dto.ts';
import { ok, type UseCase } from '#lib/contract/route.ts';
import type { BusinessScope } from '#lib/domain/access/scope.ts';
import { stateMeaning } from '#lib/domain/customers/customer-state.ts';
import { hasWholeContact, isBlankPhrase } from '#lib/domain/spelling/search-words.ts';
import { needsResync } from '#lib/domain/retention/sync-horizon.ts';
import type { AskExactly } from '#lib/serve/limits/exact-question.ts';
import type { Page } from '#lib/store/lists/pages.ts';
import type { PageQuery } from '#lib/store/lists/plan.ts';
import type { Tombstone } from '#lib/store/retention/tombstones.ts';
import type { contract } from './contract.ts';

type Needs = {
  readPage: (query: PageQuery, scope: BusinessScope) => Promise<Page>;
  askExactly: AskExactly;
  now: () => Date;
};

/** The size of the whole list counts: a page after its end is empty, but says that it has customers. */
const isFound = ({ totalSize }: Page): boolean => totalSize > 0;

/**
 * Answers a page of the customers of the caller's business. With `updatedSince`, purged customers follow the others; a copy
 * that may have missed a purge must fetch everything again.
 */
export const findCustomers =
  ({ readPage, askExactly, now }: Needs): UseCase<typeof contract> =>
  async ({ query: { state, phrase, ...query } }, scope) => {
    const meaning = state === undefined ? undefined : stateMeaning(state);
    const asked = phrase === undefined || isBlankPhrase(phrase) ? query : { ...query, phrase };
    const read = () => readPage({ ...asked, state: meaning }, scope);
    const isExact = phrase !== undefined && hasWholeContact(phrase);
    const { customers, purged, totalSize, nextCursor } = isExact
      ? await askExactly(read, isFound, scope)
      : await read();
    const items = [...customers.map(toCustomerDto), ...purged.map(toTombstoneDto)];
    return ok({
      items,
      totalSize,
      ...(nextCursor !== null && { nextCursor }),
      ...(needsResync(query.updatedSince, now()) && { resyncRequired: true }),
    });
  };

/** A purged customer as offline copies get it: deleted, and without any data. */
const toTombstoneDto = ({ id, at }: Tombstone): CustomerDto => ({
  _id: id,
  object: 'CustomerDto',
  _version: 'purged',
  firstName: null,
  lastName: null,
  phone: null,
  email: null,
  note: null,
  customerType: 'regular',
  state: 'deleted',
  stateHistory: [{ state: 'deleted', setAt: at.toISOString() }],
  createdAt: at.toISOString(),
  updatedAt: at.toISOString(),
});
