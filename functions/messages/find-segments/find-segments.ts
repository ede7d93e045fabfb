import { ok, type UseCase } from '#lib/contract/route.ts';
import { toSegmentDto } from '#lib/contract/segment-dto.ts';
import type { Segments } from '#lib/store/lists/segments.ts';
import type { contract } from './contract.ts';

type Needs = { segments: Pick<Segments, 'all'> };

/** Answers all segments of the caller's business: there are at most 100. */
export const findSegments =
  ({ segments }: Needs): UseCase<typeof contract> =>
  async (_request, scope) =>
    ok({ items: (await segments.all(scope)).map(toSegmentDto) });
