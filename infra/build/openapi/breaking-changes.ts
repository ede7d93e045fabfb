import * as z from 'zod';
import { redocly } from './redocly.ts';

const Report = z.object({
  changes: z.array(
    z.object({
      path: z.string(),
      impact: z.enum(['major', 'minor', 'patch']),
      verdicts: z.array(z.object({ message: z.string() })),
    }),
  ),
});
type Change = z.infer<typeof Report>['changes'][number];

const OPERATION = /^#\/paths\/([^/]+)\/(get|post|put|patch|delete)\b/;

/** The operation of a change, as `PUT /api/v1/customer/{id}`; the path alone when all of it changed. */
const doorOf = (pointer: string): string => {
  const [, path = pointer.replace('#/paths/', ''), method = ''] = OPERATION.exec(pointer) ?? [];
  return `${method.toUpperCase()} ${path.replaceAll('~1', '/').replaceAll('~0', '~')}`.trim();
};

/** The field of a change, where the sentence does not name it. */
const fieldOf = (pointer: string, message: string): string => {
  const [, field = ''] = /^.*\/properties\/([^/]+)/.exec(pointer) ?? [];
  return field === '' || message.includes(`\`${field}\``) ? '' : `, \`${field}\``;
};

const sentencesOf = ({ path, verdicts }: Change): string[] =>
  verdicts.map(
    ({ message }) => `\`${doorOf(path)}\`${fieldOf(path, message)}: ${message.replaceAll(/\s+/g, ' ')}`,
  );

/**
 * What breaks callers between two versions of the document: one sentence for each change, without repeats. A change of a
 * schema that many operations share is told once, for the first of them.
 */
export const breakingChanges = async (released: string, present: string): Promise<string[]> => {
  const report = Report.parse(JSON.parse(await redocly('diff', released, present, '--fail-on=none')));
  const breaking = report.changes.filter(({ impact }) => impact === 'major');
  return [...new Set(breaking.flatMap(sentencesOf))];
};

/** The part of the changelog about versions that came after this one; all of it if it has no heading for it. */
const after = (changelog: string, version: string): string => {
  const heading = `\n## ${version}`;
  const end = changelog.indexOf(heading);
  return end < 0 ? changelog : changelog.slice(0, end);
};

/**
 * Those breaking changes that the changelog does not name. It names one with a line that begins with `- Breaking: ` and the
 * sentence; more may follow.
 * @param released the version that callers have now
 */
export const unnamed = (breaking: readonly string[], changelog: string, released: string): string[] => {
  const text = after(changelog, released).replaceAll(/\s+/g, ' ');
  return breaking.filter((sentence) => !text.includes(`- Breaking: ${sentence}`));
};
