import type { BusinessScope } from '#lib/domain/access/scope.ts';
import { Refusal } from '#lib/domain/errors.ts';
import type { RecipientCounts, Sending, Whom } from '#lib/domain/messages/recipients.ts';
import { definitionText } from '#lib/domain/messages/segment.ts';
import { matterOf } from '#lib/domain/rights/consents.ts';
import { unreadableCursor } from '#lib/domain/refusals.ts';
import { openPlace, sealPlace } from '#lib/store/keys/sealed-cursor.ts';

/** Where a page begins, and what the first page found out for all of them. */
export type Start = Readonly<{ asOf: Date; counts: RecipientCounts; after: string }>;

type List = Readonly<{ whom: Whom; sending: Sending }>;

/** Increase it when the content of cursors changes its meaning. Older cursors are then refused. */
const LAYOUT = 1;

/** Identifies the list that a cursor belongs to. A segment that was changed is another list. */
const nameOf = ({ whom, sending }: List): string =>
  JSON.stringify([
    'recipients',
    LAYOUT,
    matterOf(sending),
    'ids' in whom ? whom.ids : definitionText(whom.definition),
  ]);

/** Makes the cursor of the next page. It is sealed, because a sort key tells when a customer came. */
export const sealStart = async (
  { asOf, counts: { total, excluded }, after }: Start,
  list: List,
  scope: BusinessScope,
): Promise<string> => {
  const { notFound, notLive, noAddress, notAllowed } = excluded;
  const place = [asOf.getTime(), total, notFound, notLive, noAddress, notAllowed, after].join(' ');
  return await sealPlace(place, nameOf(list), scope);
};

/**
 * Opens a cursor.
 * @throws Refusal `invalid-request` when it was made for another business or list, or its key no longer exists
 */
export const openStart = async (cursor: string, list: List, scope: BusinessScope): Promise<Start> => {
  const place = await openPlace(cursor, nameOf(list), scope).catch((error: unknown) => {
    throw error instanceof Refusal ? unreadableCursor('body') : error;
  });
  const [asOf, total = 0, notFound = 0, notLive = 0, noAddress = 0, notAllowed = 0] = place
    .split(' ')
    .map(Number);
  return {
    asOf: new Date(asOf ?? 0),
    counts: { total, excluded: { notFound, notLive, noAddress, notAllowed } },
    after: place.slice(place.lastIndexOf(' ') + 1),
  };
};
