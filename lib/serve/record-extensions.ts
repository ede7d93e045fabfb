import type { HistoryExtension } from '#lib/domain/histories/history-extension.ts';
import { extensionLine } from '#lib/runtime/access-log.ts';
import { count } from '#lib/runtime/metrics.ts';
import { writeLine } from '#lib/runtime/standard-output.ts';

/**
 * Writes one line for each history that a committed request has extended. The change is saved whatever happens here, so a
 * line that cannot be written is counted and does not fail the request.
 */
export const recordExtensions = async (
  extensions: readonly HistoryExtension[],
  useCase: string,
  { requestId, businessId }: Readonly<{ requestId: string; businessId: string }>,
): Promise<void> => {
  for (const extension of extensions) {
    const line = extensionLine(extension, { requestId, useCase, businessId });
    await writeLine(line).catch(() => {
      count('AuditWriteFailed');
    });
  }
};
