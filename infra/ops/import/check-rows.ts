import type { BusinessScope } from '#lib/domain/access/scope.ts';
import { takenValuesAmong, takenIdsAmong } from '#lib/store/customers/taken.ts';
import { type AcceptedLine, type Check, checkLine, idOf, type RefusedLine } from './check-line.ts';
import type { EarlierLines } from './earlier-lines.ts';
import type { Row } from './import-file.ts';

/** Separates the rows that an earlier run imported, those to import now, and those that are refused. */
export const checkRows = async (
  rows: readonly Row[],
  check: Check,
  { scope, earlier }: { scope: BusinessScope; earlier: EarlierLines },
): Promise<{ accepted: readonly AcceptedLine[]; skipped: number; refused: readonly RefusedLine[] }> => {
  const known = await takenIdsAmong(
    rows.map(({ line }) => idOf(line, check)),
    scope,
  );
  const left = rows.filter(({ line }) => !known.has(idOf(line, check)));
  const checked = left.map((row) => checkLine(row, check));
  const candidates = checked.filter((one) => 'customer' in one);
  const refused = checked.filter((one) => 'findings' in one);
  const holders = await takenValuesAmong(
    candidates.map(({ customer }) => customer),
    check.rules.settings,
    scope,
  );
  const accepted: AcceptedLine[] = [];
  for (const one of candidates) {
    const taken = (holders.get(one.customer.id) ?? []).map(({ field, existing }) => ({
      field,
      rule: `duplicate-${field}`,
      existing,
    }));
    const findings = [...taken, ...earlier.duplicatesOf(one, check.rules)];
    if (findings.length === 0) accepted.push(one);
    else refused.push({ line: one.line, findings });
  }
  return { accepted, skipped: rows.length - left.length, refused: refused.sort((a, b) => a.line - b.line) };
};
