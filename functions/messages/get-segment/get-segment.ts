import { ok, type UseCase } from '#lib/contract/route.ts';
import { toSegmentDto } from '#lib/contract/segment-dto.ts';
import type { BusinessScope } from '#lib/domain/access/scope.ts';
import type { SegmentDefinition } from '#lib/domain/messages/segment.ts';
import { segmentNotFound } from '#lib/domain/refusals.ts';
import type { Segments } from '#lib/store/lists/segments.ts';
import type { contract } from './contract.ts';

type Needs = {
  segments: Pick<Segments, 'find'>;
  countMembers: (definition: SegmentDefinition, at: Date, scope: BusinessScope) => Promise<number>;
  now: () => Date;
};

/** Answers a segment and its size. Relative days count back from now. */
export const getSegment =
  ({ segments, countMembers, now }: Needs): UseCase<typeof contract> =>
  async ({ params: { segmentId } }, scope) => {
    const segment = await segments.find(segmentId, scope);
    if (segment === null) throw segmentNotFound();
    const size = await countMembers(segment.definition, now(), scope);
    return ok({ ...toSegmentDto(segment), size });
  };
