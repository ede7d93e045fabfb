import { createHash } from 'node:crypto';
import { uniquenessHeld } from '#lib/domain/business/business-settings.ts';
import { isLive } from '#lib/domain/customers/customer-state.ts';
import { type Rules, stateOf } from '#lib/domain/customers/customer.ts';
import { foldEmail } from '#lib/domain/spelling/folding.ts';
import { foldPhone } from '#lib/domain/spelling/phone-forms.ts';
import type { AcceptedLine, RefusedLine } from './check-line.ts';

const HASH_LENGTH = 11;
const shortHash = (text: string): string =>
  createHash('sha256').update(text).digest('base64').slice(0, HASH_LENGTH);

/** The emails and phones of earlier lines, each as a short hash with the number of its line. */
export class EarlierLines {
  readonly #lines = new Map<string, number>();
  readonly #before: ReadonlyMap<string, number>;

  constructor(before: ReadonlyMap<string, number> = new Map()) {
    this.#before = before;
  }

  /** For the next batch: keeps the lines of this batch and drops those of the batch before. */
  next(): EarlierLines {
    return new EarlierLines(this.#lines);
  }

  /** The unique values of a line that an earlier line already has. A line without any is remembered. */
  duplicatesOf({ line, customer }: AcceptedLine, { settings }: Rules): RefusedLine['findings'] {
    if (!isLive(stateOf(customer))) return [];
    const { email, phone } = customer;
    const claims = [
      ...(email !== null && uniquenessHeld(settings.uniqueEmail)
        ? [{ field: 'email', hash: shortHash(`e${foldEmail(email)}`) }]
        : []),
      ...(phone !== null && uniquenessHeld(settings.uniquePhone)
        ? [{ field: 'phone', hash: shortHash(`p${foldPhone(phone)}`) }]
        : []),
    ];
    const findings = claims.flatMap(({ field, hash }) => {
      const earlier = this.#lines.get(hash) ?? this.#before.get(hash);
      return earlier === undefined ? [] : [{ field, rule: `duplicate-${field}`, line: earlier }];
    });
    if (findings.length === 0) for (const { hash } of claims) this.#lines.set(hash, line);
    return findings;
  }
}
