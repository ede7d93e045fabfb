import { ok, type RequestOf, type UseCase } from '#lib/contract/route.ts';
import type { BusinessScope } from '#lib/domain/access/scope.ts';
import type { Whom } from '#lib/domain/messages/recipients.ts';
import { requireSense } from '#lib/domain/messages/segment.ts';
import { segmentNotFound } from '#lib/domain/refusals.ts';
import type { Recipient, RecipientPage, RecipientQuery } from '#lib/store/lists/recipients.ts';
import type { Segments } from '#lib/store/lists/segments.ts';
import type { contract } from './contract.ts';

type Needs = {
  segments: Pick<Segments, 'find'>;
  readRecipients: (query: RecipientQuery, scope: BusinessScope) => Promise<RecipientPage>;
  now: () => Date;
};
type Question = RequestOf<typeof contract>['body'];

/** Answers who may get a message, page by page, and how many are left out. */
export const findRecipients =
  ({ segments, readRecipients, now }: Needs): UseCase<typeof contract> =>
  async ({ body }, scope) => {
    const { channel, purpose, pageSize, cursor = null, countOnly: isCountOnly } = body;
    const at = now();
    const whom = await whomOf(body, { segments, at }, scope);
    const query = { whom, sending: { channel, purpose }, pageSize, cursor, isCountOnly, now: at };
    const { recipients, total, excluded, asOf, nextCursor } = await readRecipients(query, scope);
    return ok({
      items: recipients.map((recipient) => toItem(recipient, channel)),
      total,
      excluded,
      asOf: asOf.toISOString(),
      ...(nextCursor !== null && { nextCursor }),
    });
  };

/** Exactly one of the three is there: the contract says so. */
const whomOf = async (
  { customerIds = [], segmentId, segment }: Question,
  { segments, at }: Pick<Needs, 'segments'> & Readonly<{ at: Date }>,
  scope: BusinessScope,
): Promise<Whom> => {
  if (segmentId !== undefined) {
    const found = await segments.find(segmentId, scope);
    if (found === null) throw segmentNotFound();
    return { definition: found.definition };
  }
  if (segment === undefined) return { ids: [...new Set(customerIds)].sort() };
  requireSense(segment, '#/segment', at);
  return { definition: segment };
};

const toItem = (
  { customer, address, language, sameAddressAs, unsubscribe }: Recipient,
  channel: Question['channel'],
) => ({
  _id: customer.id,
  ...(address !== null && { address }),
  ...(sameAddressAs !== null && { sameAddressAs }),
  firstName: customer.firstName,
  lastName: customer.lastName,
  language,
  ...(channel === 'email' && { unsubscribe }),
});
