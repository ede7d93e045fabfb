import {
  MOMENT_CONDITIONS,
  type Segment,
  type SegmentDefinition,
  type SegmentMoment,
} from '#lib/domain/messages/segment.ts';
import type { SegmentDocument, StoredDefinition, StoredMoment } from '#lib/store/collections/segment.ts';

/** A segment as it is used everywhere outside of the store. */
export const toSegment = ({ _id, name, definition, createdAt, updatedAt }: SegmentDocument): Segment => ({
  id: _id.toHexString(),
  name,
  definition: toDefinition(definition),
  createdAt,
  updatedAt,
});

const toDefinition = (stored: StoredDefinition): SegmentDefinition => {
  const { states, customerTypes, visitsAtLeast, visitsAtMost, neverVisited, consent } = stored;
  const moments = MOMENT_CONDITIONS.flatMap((name) => {
    const moment = toMoment(stored[name]);
    return moment === null ? [] : [[name, moment] as const];
  });
  return {
    ...(states !== undefined && { states }),
    ...(customerTypes !== undefined && { customerTypes }),
    ...Object.fromEntries(moments),
    ...(visitsAtLeast !== undefined && { visitsAtLeast }),
    ...(visitsAtMost !== undefined && { visitsAtMost }),
    ...(neverVisited === true && { neverVisited }),
    ...(consent !== undefined && { consent: { purpose: consent.purpose, channel: consent.channel } }),
  };
};

const toMoment = ({ at, daysAgo }: StoredMoment = {}): SegmentMoment | null => {
  if (at !== undefined) return at;
  return daysAgo === undefined ? null : { daysAgo };
};

/** The conditions of a segment as they are stored. */
export const toStoredDefinition = (definition: SegmentDefinition): StoredDefinition => {
  const { states, customerTypes, visitsAtLeast, visitsAtMost, neverVisited, consent } = definition;
  const moments = MOMENT_CONDITIONS.flatMap((name) => {
    const moment = definition[name];
    return moment === undefined ? [] : [[name, toStoredMoment(moment)] as const];
  });
  return {
    ...(states !== undefined && { states: [...states] }),
    ...(customerTypes !== undefined && { customerTypes: [...customerTypes] }),
    ...Object.fromEntries(moments),
    ...(visitsAtLeast !== undefined && { visitsAtLeast }),
    ...(visitsAtMost !== undefined && { visitsAtMost }),
    ...(neverVisited === true && { neverVisited }),
    ...(consent !== undefined && { consent: { ...consent } }),
  };
};

const toStoredMoment = (moment: SegmentMoment): StoredMoment =>
  moment instanceof Date ? { at: moment } : { daysAgo: moment.daysAgo };
