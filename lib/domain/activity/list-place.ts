import { unreadableCursor } from '#lib/domain/refusals.ts';

/** The place of an order or a payment in a list that is sorted by start, newest first. */
export type ListPlace = Readonly<{ startAt: Date; id: string }>;

/** A place as a text, for a cursor. */
export const placeText = ({ startAt, id }: ListPlace): string => `${String(startAt.getTime())} ${id}`;

const ID_LENGTH = 24;
const PLACE = /^-?\d{1,16} [0-9a-f]{24}$/;

/**
 * The place that a text names.
 * @throws Refusal `invalid-request` when it names none
 */
export const placeIn = (text: string): ListPlace => {
  if (!PLACE.test(text)) throw unreadableCursor();
  return { startAt: new Date(Number.parseInt(text, 10)), id: text.slice(-ID_LENGTH) };
};

/**
 * The name of a list: a cursor works for one list of one customer with one choice of filters only. An absent filter keeps its
 * place in it.
 */
export const listName = (
  kind: string,
  customerId: string,
  filters: readonly (string | Date | undefined)[],
): string => JSON.stringify([kind, customerId, ...filters]);
