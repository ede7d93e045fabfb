import { Types } from 'mongoose';
import type { BusinessScope } from '#lib/domain/access/scope.ts';
import { type CustomerState, stateMeaning } from '#lib/domain/customers/customer-state.ts';
import {
  type MomentCondition,
  resolvedMoment,
  type SegmentDefinition,
} from '#lib/domain/messages/segment.ts';
import { matterOf } from '#lib/domain/rights/consents.ts';
import { COUNT_INDEX, FIRST_VISIT_INDEX, REACH_INDEX } from '#lib/store/collections/customer-link.ts';
import { timeKey } from '#lib/store/customers/link.ts';

export type Filter = Readonly<Record<string, unknown>>;

/** The condition that a field has one of these values. */
export const oneOf = <V>(values: readonly V[]): V | Readonly<{ $in: readonly V[] }> => {
  const [only, ...more] = values;
  return only !== undefined && more.length === 0 ? only : { $in: values };
};

/** The states of the customers of a segment. */
export const statesOf = ({ states = ['active'] }: SegmentDefinition): readonly CustomerState[] => [
  ...new Set(states.map(stateMeaning)),
];

type Between = readonly [after: MomentCondition, before: MomentCondition];

/** A range of a field, from a moment on and before another one; none without either. */
const between = (
  field: string,
  [after, before]: Between,
  valueOf: (condition: MomentCondition) => unknown,
): Filter => {
  const [from, until] = [valueOf(after), valueOf(before)];
  if (from === undefined && until === undefined) return {};
  return {
    [field]: { ...(from !== undefined && { $gte: from }), ...(until !== undefined && { $lt: until }) },
  };
};

const visitCount = ({ visitsAtLeast = 0, visitsAtMost, neverVisited }: SegmentDefinition): Filter => {
  const most = neverVisited === true ? 0 : visitsAtMost;
  if (visitsAtLeast === 0 && most === undefined) return {};
  if (visitsAtLeast === 0 && most === 0) return { visitCount: 0 };
  return {
    visitCount: {
      ...(visitsAtLeast > 0 && { $gte: visitsAtLeast }),
      ...(most !== undefined && { $lte: most }),
    },
  };
};

/** Finds the links of the customers who belong to a segment, when relative days count back from `asOf`. */
export const segmentFilter = (definition: SegmentDefinition, asOf: Date, scope: BusinessScope): Filter => {
  const { customerTypes, consent } = definition;
  const moment = (name: MomentCondition): Date | undefined => {
    const condition = definition[name];
    return condition === undefined ? undefined : resolvedMoment(condition, asOf);
  };
  const key = (name: MomentCondition): string | undefined => {
    const at = moment(name);
    return at === undefined ? undefined : timeKey(at, '');
  };
  return {
    businessId: new Types.ObjectId(scope.businessId),
    state: oneOf(statesOf(definition)),
    ...(customerTypes !== undefined && { customerType: oneOf(customerTypes) }),
    ...between('createdKey', ['createdAfter', 'createdBefore'], key),
    ...between('visitKey', ['lastVisitAfter', 'lastVisitBefore'], key),
    ...between('firstVisitAt', ['firstVisitAfter', 'firstVisitBefore'], moment),
    ...visitCount(definition),
    ...(consent !== undefined && { mayReach: matterOf(consent) }),
  };
};

/** The index on which the customers of a filter are counted: the one that has most of its fields. */
export const countingIndex = (filter: Filter): string => {
  if ('mayReach' in filter) return REACH_INDEX;
  return 'firstVisitAt' in filter ? FIRST_VISIT_INDEX : COUNT_INDEX;
};
