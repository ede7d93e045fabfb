import { toResultError } from '#lib/serve/answer/problem-answer.ts';
import { serve } from '#lib/serve/serve.ts';
import { snapshots } from '#lib/store/activity/snapshots.ts';
import { contract } from './contract.ts';
import { getSnapshots } from './get-snapshots.ts';

export const handler = serve(contract, getSnapshots({ snapshots, toResultError, now: () => new Date() }));
