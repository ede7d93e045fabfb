import { serve } from '#lib/serve/serve.ts';
import { segments } from '#lib/store/lists/segments.ts';
import { contract } from './contract.ts';
import { deleteSegment } from './delete-segment.ts';

export const handler = serve(contract, deleteSegment({ segments }));
