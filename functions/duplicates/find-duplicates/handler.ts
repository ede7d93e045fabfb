import { serve } from '#lib/serve/serve.ts';
import { readDuplicates } from '#lib/store/duplicates/duplicate-walk.ts';
import { readDuplicatesOf } from '#lib/store/duplicates/possible-duplicates.ts';
import { contract } from './contract.ts';
import { findDuplicates } from './find-duplicates.ts';

export const handler = serve(contract, findDuplicates({ readDuplicates, readDuplicatesOf }));
