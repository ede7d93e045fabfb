import * as z from 'zod';
import { defineOperation } from '#lib/contract/route.ts';

export const contract = defineOperation({
  name: 'migrate-database',
  summary: 'Bring the database to what this version needs; safe to repeat',
  impact: 'a new version cannot be rolled out',
  needs: ['database'],
  timeoutSeconds: 900,
  input: z.object({}),
  output: z.object({ applied: z.array(z.string()), alreadyThere: z.array(z.string()) }),
});
