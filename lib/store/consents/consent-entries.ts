import { Types } from 'mongoose';
import type { BusinessScope } from '#lib/domain/access/scope.ts';
import type { Consent, Statement } from '#lib/domain/rights/consents.ts';
import { CONSENT_INDEX, type ConsentDocument } from '#lib/store/collections/consent.ts';
import { connect } from '#lib/store/database/connection.ts';
import { stage } from '#lib/store/database/unit-of-work.ts';
import { modelOf } from '#lib/store/isolation/guarded-model.ts';
import { queryOptions } from '#lib/store/isolation/query-options.ts';

/** More than one answer of the database holds: without it, the driver asks again after 101 entries. */
const AT_ONCE = 10_000;

/** All entries about a customer of the caller's business, in no order. */
export const readConsents = async (customerId: string, scope: BusinessScope): Promise<readonly Consent[]> =>
  (await readConsentsOf([customerId], scope)).get(customerId) ?? [];

/** All entries about these customers of the caller's business, by the customer's id. One read. */
export const readConsentsOf = async (
  customerIds: readonly string[],
  scope: BusinessScope,
): Promise<ReadonlyMap<string, readonly Consent[]>> => {
  const entries = await modelOf(await connect(), 'consent')
    .find({
      businessId: new Types.ObjectId(scope.businessId),
      customerId: { $in: customerIds.map((id) => new Types.ObjectId(id)) },
    })
    .batchSize(AT_ONCE)
    .hint(CONSENT_INDEX)
    .setOptions(queryOptions(scope))
    .lean<ConsentDocument[]>();
  const said = Map.groupBy(entries, ({ customerId }) => customerId.toHexString());
  return new Map([...said].map(([customerId, documents]) => [customerId, documents.map(toConsent)]));
};

/** An entry as it is used everywhere outside of the store. */
export const toConsent = ({ _id, ...entry }: ConsentDocument): Consent => ({
  id: _id.toHexString(),
  purpose: entry.purpose,
  channel: entry.channel,
  granted: entry.granted,
  source: entry.source,
  lawfulBasis: entry.lawfulBasis,
  textVersion: entry.textVersion ?? null,
  proofRef: entry.proofRef ?? null,
  givenAt: entry.givenAt,
  recordedAt: entry.recordedAt,
  role: entry.role,
  copiedFrom: entry.copiedFrom?.toHexString() ?? null,
  takesBack: entry.takesBack?.toHexString() ?? null,
});

/** A statement of the caller, as an entry of its request. */
export const entryOf = (statement: Statement, recordedAt: Date, { role }: BusinessScope): Consent => ({
  ...statement,
  id: new Types.ObjectId().toHexString(),
  recordedAt,
  role,
  copiedFrom: null,
  takesBack: null,
});

/** An entry that a merge copies from its loser. It keeps what was said, when, and by which role it was recorded. */
export const copyOf = (consent: Consent, loserId: string, recordedAt: Date): Consent => ({
  ...consent,
  id: new Types.ObjectId().toHexString(),
  recordedAt,
  copiedFrom: loserId,
  takesBack: null,
});

/** An entry that takes a copied grant back, because the merge was undone. */
export const withdrawalOf = (copied: Consent, recordedAt: Date, { role }: BusinessScope): Consent => ({
  ...copied,
  id: new Types.ObjectId().toHexString(),
  granted: false,
  source: 'unmerge',
  recordedAt,
  role,
  takesBack: copied.id,
});

/** Stages new entries about a customer. */
export const stageConsents = (
  customerId: string,
  entries: readonly Consent[],
  scope: BusinessScope,
): void => {
  for (const { id, textVersion, proofRef, copiedFrom, takesBack, ...entry } of entries)
    stage(scope, {
      insertInto: 'consent',
      document: {
        ...entry,
        _id: new Types.ObjectId(id),
        businessId: new Types.ObjectId(scope.businessId),
        customerId: new Types.ObjectId(customerId),
        requestId: scope.requestId,
        ...(textVersion !== null && { textVersion }),
        ...(proofRef !== null && { proofRef }),
        ...(copiedFrom !== null && { copiedFrom: new Types.ObjectId(copiedFrom) }),
        ...(takesBack !== null && { takesBack: new Types.ObjectId(takesBack) }),
      },
    });
};
