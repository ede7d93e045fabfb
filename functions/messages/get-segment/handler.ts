import { serve } from '#lib/serve/serve.ts';
import { countMembers } from '#lib/store/lists/recipient-counts.ts';
import { segments } from '#lib/store/lists/segments.ts';
import { contract } from './contract.ts';
import { getSegment } from './get-segment.ts';

export const handler = serve(contract, getSegment({ segments, countMembers, now: () => new Date() }));
