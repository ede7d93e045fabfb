import { isPermitted, PERMISSIONS } from '#lib/contract/permissions.ts';
import { type ProblemCode, PROBLEMS } from '#lib/contract/problem.ts';
import { ROLES } from '#lib/domain/access/scope.ts';
import { PROBLEM_ADVICE } from './problem-advice.ts';
import { table, withSection } from './readme-sections.ts';

const isCode = (text: string): text is ProblemCode => Object.hasOwn(PROBLEMS, text);

/** Every code with its status, its meaning and what to do, by status. */
const problemTable = (): string => {
  const codes = Object.keys(PROBLEMS).filter(isCode);
  const rows = codes
    .toSorted((one, other) => PROBLEMS[one].status - PROBLEMS[other].status)
    .map((code) => [
      String(PROBLEMS[code].status),
      `\`${code}\``,
      PROBLEM_ADVICE[code].means,
      PROBLEM_ADVICE[code].do,
    ]);
  return table(['status', 'code', 'what it means', 'what to do'], rows);
};

/** Every permission, and the roles that have it. */
const roleTable = (): string =>
  table(
    ['permission', 'roles'],
    PERMISSIONS.map((permission) => {
      const roles = ROLES.filter((role) => isPermitted(role, permission));
      return [`\`${permission}\``, roles.map((role) => `\`${role}\``).join(', ')];
    }),
  );

/** The tables in docs/guides that are made from code. */
export const GUIDE_SECTIONS = [
  { file: 'errors.md', section: 'problems', text: problemTable },
  { file: 'businesses-and-roles.md', section: 'roles', text: roleTable },
] as const;

/**
 * A guide with its tables written from the code.
 * @throws Error when the comments around a table are missing
 */
export const withGuideSections = (guide: string, file: string): string =>
  GUIDE_SECTIONS.filter((one) => one.file === file).reduce(
    (text, { section, text: written }) => withSection(text, section, written()),
    guide,
  );
