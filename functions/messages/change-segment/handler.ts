import { serve } from '#lib/serve/serve.ts';
import { segments } from '#lib/store/lists/segments.ts';
import { changeSegment } from './change-segment.ts';
import { contract } from './contract.ts';

export const handler = serve(contract, changeSegment({ segments, now: () => new Date() }));
