import { created, type UseCase } from '#lib/contract/route.ts';
import { toSegmentDto } from '#lib/contract/segment-dto.ts';
import { requireSense } from '#lib/domain/messages/segment.ts';
import type { Segments } from '#lib/store/lists/segments.ts';
import type { contract } from './contract.ts';

type Needs = { segments: Pick<Segments, 'add'>; now: () => Date };

/** Creates a segment of the caller's business. */
export const createSegment =
  ({ segments, now }: Needs): UseCase<typeof contract> =>
  async ({ body: { name, definition } }, scope) => {
    const at = now();
    requireSense(definition, '#/definition', at);
    return created(toSegmentDto(await segments.add({ name, definition, at }, scope)));
  };
