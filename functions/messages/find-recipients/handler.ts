import { serve } from '#lib/serve/serve.ts';
import { readRecipients } from '#lib/store/lists/recipients.ts';
import { segments } from '#lib/store/lists/segments.ts';
import { contract } from './contract.ts';
import { findRecipients } from './find-recipients.ts';

export const handler = serve(contract, findRecipients({ segments, readRecipients, now: () => new Date() }));
