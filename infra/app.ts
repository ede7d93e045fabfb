import { buildFunctions } from './build.ts';
import { synthesize } from './synthesize.ts';

/** What `cdk deploy`, `npm run synth` and `npm start` run: bundle everything, then write the cloud assembly. */
await buildFunctions();
synthesize();
