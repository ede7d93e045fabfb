import { ok, type UseCase } from '#lib/contract/route.ts';
import { toSegmentDto } from '#lib/contract/segment-dto.ts';
import { isSameDefinition, requireSense } from '#lib/domain/messages/segment.ts';
import { segmentNotFound } from '#lib/domain/refusals.ts';
import type { Segments } from '#lib/store/lists/segments.ts';
import type { contract } from './contract.ts';

type Needs = { segments: Pick<Segments, 'find' | 'replace'>; now: () => Date };

/** Replaces the name and the conditions of a segment. The same again writes nothing. */
export const changeSegment =
  ({ segments, now }: Needs): UseCase<typeof contract> =>
  async ({ params: { segmentId }, body: { name, definition } }, scope) => {
    const segment = await segments.find(segmentId, scope);
    if (segment === null) throw segmentNotFound();
    const at = now();
    requireSense(definition, '#/definition', at);
    const isSame = segment.name === name && isSameDefinition(segment.definition, definition);
    return ok(toSegmentDto(isSame ? segment : segments.replace(segment, { name, definition, at }, scope)));
  };
