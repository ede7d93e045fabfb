import type { BusinessScope } from '#lib/domain/access/scope.ts';
import { accessEntry } from '#lib/runtime/access-log.ts';
import { openToAppend } from './private-files.ts';

/** What an export shows, for its line in the access log. */
export type ShownInExport = Readonly<{
  useCase: string;
  filters: readonly string[];
  fields: readonly string[];
  count: number;
  /** Their ids; none for a whole list, whose line would be too long. */
  customers: readonly string[];
}>;

/**
 * Adds one access-log line for a whole export to a file of the operator. It is on the disk when this resolves.
 * @throws UsageError when the file cannot be written
 */
export const recordExport = async (
  accessLog: string,
  { useCase, filters, fields, count, customers }: ShownInExport,
  { requestId, purpose, actorId: actor, role, businessId: business }: BusinessScope,
): Promise<void> => {
  const entry = accessEntry('customer-accessed', {
    ...{ requestId, useCase, purpose, actor, role, business },
    ...{ outcome: 'exported', status: 200, filters, fields, masked: [], count, customers },
  });
  const file = await openToAppend(accessLog);
  try {
    await file.write(`${entry}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
};
