import { serve } from '#lib/http/serve.ts';
import { readDuplicates, readDuplicatesOf } from '#lib/store/possible-duplicates.ts';
import { contract } from './contract.ts';
import { findDuplicates } from './find-duplicates.ts';

export const handler = serve(contract, findDuplicates({ readDuplicates, readDuplicatesOf }));
