import type { BusinessScope } from '#lib/domain/access/scope.ts';
import { takenValuesAmong, takenIdsAmong } from '#lib/store/customers/taken.ts';
import type { RefusalsOfMany } from '#lib/store/consents/refusals-of-many.ts';
import { type AcceptedLine, type Check, checkLine, idOf, type RefusedLine } from './check-line.ts';
import type { EarlierLines } from './earlier-lines.ts';
import { hear, speakerIn } from './heard-consents.ts';
import type { Row } from './import-file.ts';

/** What the lines before these rows leave behind. */
export type Before = Readonly<{ earlier: EarlierLines; refusals: RefusalsOfMany }>;

/** Separates the rows that an earlier run imported, those to import now, and those that are refused. */
export const checkRows = async (
  rows: readonly Row[],
  check: Check,
  { scope, earlier, refusals }: Before & { scope: BusinessScope },
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
  const speakers = candidates.filter(({ statements }) => statements.length > 0);
  await refusals.read(speakers.map(speakerIn), scope);
  const accepted: AcceptedLine[] = [];
  for (const one of candidates) {
    const taken = (holders.get(one.customer.id) ?? []).map(({ field, existing }) => ({
      field,
      rule: `duplicate-${field}`,
      existing,
    }));
    const { heard, suppressed } = await hear(one, refusals, scope);
    // A line that is refused for its grants does not keep a later one from having its email or phone.
    const doubled = suppressed.length > 0 ? [] : earlier.duplicatesOf(one, check.rules);
    const findings = [...taken, ...suppressed, ...doubled];
    if (findings.length > 0) refused.push({ line: one.line, findings });
    else {
      accepted.push(heard);
      await refusals.add(speakerIn(heard), scope);
    }
  }
  const settled: AcceptedLine[] = [];
  for (const one of accepted) settled.push({ ...one, keptAtEnd: await refusals.of(speakerIn(one), scope) });
  return {
    accepted: settled,
    skipped: rows.length - left.length,
    refused: refused.sort((a, b) => a.line - b.line),
  };
};
