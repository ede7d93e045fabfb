import { Types } from 'mongoose';
import type { BusinessScope } from '#lib/domain/access/scope.ts';
import { MOST_SEGMENTS, type Segment, type SegmentDefinition } from '#lib/domain/messages/segment.ts';
import { nameTaken, tooManySegments } from '#lib/domain/refusals.ts';
import { foldName } from '#lib/domain/spelling/folding.ts';
import {
  SEGMENT_NAME_INDEX,
  SEGMENT_SLOT_INDEX,
  type SegmentDocument,
} from '#lib/store/collections/segment.ts';
import { Conflict } from '#lib/store/database/conflict.ts';
import { connect } from '#lib/store/database/connection.ts';
import { stage } from '#lib/store/database/unit-of-work.ts';
import { modelOf } from '#lib/store/isolation/guarded-model.ts';
import { queryOptions } from '#lib/store/isolation/query-options.ts';
import { toSegment, toStoredDefinition } from './stored-segment.ts';

/** What a person writes of a segment, and when. */
type Written = Readonly<{ name: string; definition: SegmentDefinition; at: Date }>;

/** What a stored segment has of it. A name that folds to nothing, of signs only, is its own key. */
const fieldsOf = ({ name, definition, at }: Written, { actorId }: BusinessScope) => ({
  name,
  nameKey: foldName(name).replaceAll(/\s+/gu, ' ').trim() || name,
  definition: toStoredDefinition(definition),
  updatedAt: at,
  by: actorId,
});

const inBusiness = (scope: BusinessScope) => ({ businessId: new Types.ObjectId(scope.businessId) });

/** All segments of the caller's business, by their folded names. */
const all = async (scope: BusinessScope): Promise<readonly Segment[]> => {
  const found = await modelOf(await connect(), 'segment')
    .find({ ...inBusiness(scope), nameKey: { $gte: '' } })
    .sort({ nameKey: 1 })
    .batchSize(MOST_SEGMENTS + 1)
    .hint(SEGMENT_NAME_INDEX)
    .setOptions(queryOptions(scope))
    .lean<SegmentDocument[]>();
  return found.map(toSegment);
};

/** A segment of the caller's business; null for an unknown id, and for one of another business. */
const find = async (id: string, scope: BusinessScope): Promise<Segment | null> => {
  const found = await modelOf(await connect(), 'segment')
    .findOne({ _id: new Types.ObjectId(id), ...inBusiness(scope) })
    .setOptions(queryOptions(scope))
    .lean<SegmentDocument>();
  return found === null ? null : toSegment(found);
};

/** The lowest slot that no segment of the caller's business has; null when all are given. */
const freeSlot = async (scope: BusinessScope): Promise<number | null> => {
  const found = await modelOf(await connect(), 'segment')
    .find(inBusiness(scope))
    .select({ _id: 0, slot: 1 })
    .batchSize(MOST_SEGMENTS + 1)
    .hint(SEGMENT_SLOT_INDEX)
    .setOptions(queryOptions(scope))
    .lean<{ slot: number }[]>();
  const given = new Set(found.map(({ slot }) => slot));
  for (let slot = 0; slot < MOST_SEGMENTS; slot += 1) if (!given.has(slot)) return slot;
  return null;
};

const onDuplicate = (index: string): Promise<Error> =>
  Promise.resolve(
    index === SEGMENT_NAME_INDEX ? nameTaken() : new Conflict('Another request took this slot first.'),
  );

/**
 * Stages a new segment.
 * @throws Refusal `too-many-segments`; the commit throws Refusal `name-taken`
 */
const add = async (written: Written, scope: BusinessScope): Promise<Segment> => {
  const slot = await freeSlot(scope);
  if (slot === null) throw tooManySegments(MOST_SEGMENTS);
  const document = {
    _id: new Types.ObjectId(),
    ...inBusiness(scope),
    ...fieldsOf(written, scope),
    slot,
    createdAt: written.at,
  };
  stage(scope, { insertInto: 'segment', document }, onDuplicate);
  return toSegment(document);
};

/** Stages another name and definition of a segment. The commit throws Refusal `name-taken`. */
const replace = (segment: Segment, written: Written, scope: BusinessScope): Segment => {
  const { name, definition, at } = written;
  stage(
    scope,
    {
      update: 'segment',
      filter: { _id: new Types.ObjectId(segment.id), ...inBusiness(scope) },
      change: { $set: fieldsOf(written, scope) },
    },
    onDuplicate,
  );
  return { ...segment, name, definition, updatedAt: at };
};

/** Stages the removal of a segment. */
const remove = ({ id }: Segment, scope: BusinessScope): void => {
  stage(scope, { deleteFrom: 'segment', filter: { _id: new Types.ObjectId(id), ...inBusiness(scope) } });
};

/** The segments of the caller's business. Writes are staged; nothing is saved before the request commits. */
export const segments = { all, find, add, replace, remove };
export type Segments = typeof segments;
