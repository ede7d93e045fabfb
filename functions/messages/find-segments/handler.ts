import { serve } from '#lib/serve/serve.ts';
import { segments } from '#lib/store/lists/segments.ts';
import { contract } from './contract.ts';
import { findSegments } from './find-segments.ts';

export const handler = serve(contract, findSegments({ segments }));
