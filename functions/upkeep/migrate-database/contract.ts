import * as z from 'zod';
import { defineOperation } from '#lib/contract/task.ts';

export const contract = defineOperation({
  name: 'migrate-database',
  summary: 'Prepare the database for this version; safe to repeat',
  impact: 'a new version cannot be deployed',
  needs: ['database'],
  timeoutSeconds: 900,
  input: z.object({}),
  output: z.object({ applied: z.array(z.string()), alreadyThere: z.array(z.string()) }),
});
