import type { BusinessScope } from '#lib/domain/access/scope.ts';
import { Refusal } from '#lib/domain/errors.ts';
import { matterOf, type Statement, type Suppressions } from '#lib/domain/rights/consents.ts';
import { refuseSuppressed } from '#lib/domain/rights/recorded-consents.ts';
import type { RefusalsOfMany, Speaker } from '#lib/store/consents/refusals-of-many.ts';
import type { AcceptedLine, RefusedLine } from './check-line.ts';

/** Who says what in a line. */
export const speakerIn = ({ customer, statements }: AcceptedLine): Speaker => ({
  addresses: customer,
  statements,
});

/**
 * A line with the refusals that are kept for its addresses, and what is wrong with its grants because of them: recording such a
 * grant would be refused too.
 */
export const hear = async (
  line: AcceptedLine,
  refusals: RefusalsOfMany,
  scope: BusinessScope,
): Promise<{ heard: AcceptedLine; suppressed: RefusedLine['findings'] }> => {
  if (line.statements.length === 0) return { heard: line, suppressed: [] };
  const suppressions = await refusals.of(speakerIn(line), scope);
  const suppressed = line.statements.flatMap((statement) => findingsOn(statement, suppressions));
  return { heard: { ...line, suppressions }, suppressed };
};

const findingsOn = (statement: Statement, suppressions: Suppressions): RefusedLine['findings'] => {
  try {
    refuseSuppressed([statement], { consents: [], suppressions });
    return [];
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return [{ field: `consent:${matterOf(statement)}`, rule: error.code, says: error.message }];
  }
};
