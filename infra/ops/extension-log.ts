import type { BusinessScope } from '#lib/domain/access/scope.ts';
import type { HistoryExtension } from '#lib/domain/histories/history-extension.ts';
import { extensionLine } from '#lib/runtime/access-log.ts';
import { openToAppend } from './private-files.ts';

/** The option with which an operator names the file for these lines. */
export const EXTENSION_OPTION = { 'access-log': { type: 'string' } } as const;

/** The help of this option. */
export const EXTENSION_HELP: readonly string[] = [
  '  --access-log <file>        gets one line for each change, for verify-histories --lines',
];

/** Where a command writes one line for each history that it has extended. */
export type ExtensionLog = Readonly<{
  record: (extensions: readonly HistoryExtension[]) => Promise<void>;
  close: () => Promise<void>;
}>;

/**
 * Opens the file to add the lines to. Without a file, nothing is recorded.
 * @throws UsageError when it cannot be written
 */
export const openExtensionLog = async (
  file: string | undefined,
  { useCase, scope }: Readonly<{ useCase: string; scope: BusinessScope }>,
): Promise<ExtensionLog> => {
  if (file === undefined) return { record: () => Promise.resolve(), close: () => Promise.resolve() };
  const handle = await openToAppend(file);
  const { requestId, businessId } = scope;
  const lineOf = (extension: HistoryExtension): string =>
    `${extensionLine(extension, { requestId, useCase, businessId })}\n`;
  return {
    record: async (extensions) => {
      if (extensions.length > 0) await handle.write(extensions.map(lineOf).join(''));
    },
    close: () => handle.close(),
  };
};
