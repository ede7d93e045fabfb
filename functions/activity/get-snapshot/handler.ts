import { serve } from '#lib/serve/serve.ts';
import { snapshots } from '#lib/store/activity/snapshots.ts';
import { contract } from './contract.ts';
import { getSnapshot } from './get-snapshot.ts';

export const handler = serve(contract, getSnapshot({ snapshots, now: () => new Date() }));
