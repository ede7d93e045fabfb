import { serve } from '#lib/http/serve.ts';
import { readDuplicates } from '#lib/store/duplicate-walk.ts';
import { readDuplicatesOf } from '#lib/store/possible-duplicates.ts';
import { contract } from './contract.ts';
import { findDuplicates } from './find-duplicates.ts';

export const handler = serve(contract, findDuplicates({ readDuplicates, readDuplicatesOf }));
