import { type CustomerDto, toCustomerDto } from '#lib/contract/customer-dto.ts';
import { ok, type UseCase } from '#lib/contract/route.ts';
import type { BusinessScope } from '#lib/domain/actor.ts';
import { stateMeaning } from '#lib/domain/customer-state.ts';
import { Refusal } from '#lib/domain/errors.ts';
import type { Page, PageQuery } from '#lib/store/customer-pages.ts';
import type { Tombstone } from '#lib/store/tombstones.ts';
import type { contract } from './contract.ts';

type Needs = { readPage: (query: PageQuery, scope: BusinessScope) => Promise<Page>; now: () => Date };

/** Below this many customers no answer can pass the limit, however long their notes. */
const SURELY_FITTING = 100;
/** A Lambda may answer 6 MB; what is around the customers has to fit too. */
const LARGEST_ANSWER_BYTES = 5 * 1024 * 1024;
/** As long as tombstones are kept. */
const SYNC_HORIZON_MS = 400 * 24 * 60 * 60 * 1_000;

export const findCustomers =
  ({ readPage, now }: Needs): UseCase<typeof contract> =>
  async ({ query: { state, ...query } }, scope) => {
    const meaning = state === undefined ? undefined : stateMeaning(state);
    const { customers, purged, totalSize } = await readPage({ ...query, state: meaning }, scope);
    const items = [...customers.map(toCustomerDto), ...purged.map(toTombstoneDto)];
    refuseTooLarge(items);
    const isBeyondHorizon =
      query.updatedSince !== undefined && now().getTime() - query.updatedSince.getTime() > SYNC_HORIZON_MS;
    return ok({ items, totalSize, ...(isBeyondHorizon && { resyncRequired: true }) });
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

const refuseTooLarge = (items: readonly CustomerDto[]): void => {
  if (items.length <= SURELY_FITTING) return;
  let bytes = 0;
  const fitting = items.findIndex(
    (item) => (bytes += Buffer.byteLength(JSON.stringify(item)) + 1) > LARGEST_ANSWER_BYTES,
  );
  if (fitting === -1) return;
  throw new Refusal(
    'page-too-large',
    `These customers do not fit into one answer. Ask for ${String(fitting)} at once.`,
    {
      fittingPageSize: fitting,
    },
  );
};
