import { ok, type UseCase } from '#lib/contract/route.ts';
import type { Segments } from '#lib/store/lists/segments.ts';
import type { contract } from './contract.ts';

type Needs = { segments: Pick<Segments, 'find' | 'remove'> };

/** Deletes a segment. One that the business does not have is answered the same. */
export const deleteSegment =
  ({ segments }: Needs): UseCase<typeof contract> =>
  async ({ params: { segmentId } }, scope) => {
    const segment = await segments.find(segmentId, scope);
    if (segment !== null) segments.remove(segment, scope);
    return ok({ segmentId, deleted: true });
  };
