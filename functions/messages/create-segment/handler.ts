import { serve } from '#lib/serve/serve.ts';
import { segments } from '#lib/store/lists/segments.ts';
import { contract } from './contract.ts';
import { createSegment } from './create-segment.ts';

export const handler = serve(contract, createSegment({ segments, now: () => new Date() }));
