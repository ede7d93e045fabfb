import { type CustomerDto, toCustomerDto } from '#lib/contract/customer-dto.ts';
import { ok, type UseCase } from '#lib/contract/route.ts';
import type { BusinessScope } from '#lib/domain/actor.ts';
import { stateMeaning } from '#lib/domain/customer-state.ts';
import { isBlankPhrase } from '#lib/domain/search-words.ts';
import type { Page } from '#lib/store/customer-pages.ts';
import type { PageQuery } from '#lib/store/page-query.ts';
import type { Tombstone } from '#lib/store/tombstones.ts';
import type { contract } from './contract.ts';

type Needs = { readPage: (query: PageQuery, scope: BusinessScope) => Promise<Page>; now: () => Date };

/** As long as tombstones are kept. */
const SYNC_HORIZON_MS = 400 * 24 * 60 * 60 * 1_000;

export const findCustomers =
  ({ readPage, now }: Needs): UseCase<typeof contract> =>
  async ({ query: { state, phrase, ...query } }, scope) => {
    const meaning = state === undefined ? undefined : stateMeaning(state);
    const asked = phrase === undefined || isBlankPhrase(phrase) ? query : { ...query, phrase };
    const { customers, purged, totalSize, nextCursor } = await readPage({ ...asked, state: meaning }, scope);
    const items = [...customers.map(toCustomerDto), ...purged.map(toTombstoneDto)];
    const isBeyondHorizon =
      query.updatedSince !== undefined && now().getTime() - query.updatedSince.getTime() > SYNC_HORIZON_MS;
    return ok({
      items,
      totalSize,
      ...(nextCursor !== null && { nextCursor }),
      ...(isBeyondHorizon && { resyncRequired: true }),
    });
  };

/** A purged customer as an offline copy has to see it: gone, and nothing of it left. */
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
