import * as z from 'zod';
import type { Schema } from '#lib/contract/door.ts';
import type { Violation } from '#lib/domain/errors.ts';
import { nearestName } from '#lib/domain/spelling/nearest-name.ts';

/** What the panel's query builder may add to any request. It is ignored. */
const TENANT = 'x-business-tenant-id';
const OF_THE_PANEL = /^(?:members|statuses|services)(?:\[\])?$/;
const LONGEST_NAME = 60;
/** Other names are not repeated in the answer: somebody may have sent an email or a phone as a name. */
const SHOWABLE = /^[A-Za-z_$][\w.$[\]-]*$/;

/** The query parameters of a request, without empty ones, and what is wrong with their names. */
export type SentParameters = Readonly<{
  values: Readonly<Record<string, string>>;
  /** One for each parameter that the route does not have. */
  unknown: readonly Violation[];
  /** Which parameters were probably meant, as a sentence. */
  hint: string;
}>;

/**
 * Reads the query parameters by their names. An empty parameter counts as absent, because web forms send fields that were
 * left empty.
 * @param schema of the parameters that the route has; undefined if it has none
 */
export const sentParameters = (
  schema: Schema | undefined,
  sent: Readonly<Record<string, string | undefined>>,
): SentParameters => {
  const known = schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
  const given = Object.entries(sent).flatMap(([name, value]): [string, string][] =>
    value === undefined || value === '' ? [] : [[name, value]],
  );
  const unknown = given
    .map(([name]) => name)
    .filter((name) => !known.includes(name) && !isIgnored(name))
    // The nearest name is searched in the shortened name: the time must not grow with what was sent.
    .map((name) => name.slice(0, LONGEST_NAME));
  return {
    values: Object.fromEntries(given),
    unknown: unknown.map((name) => violationOf(name, known)),
    hint: hintFor(unknown, known),
  };
};

const isIgnored = (name: string): boolean => name.toLowerCase() === TENANT || OF_THE_PANEL.test(name);

const violationOf = (name: string, known: readonly string[]): Violation => ({
  in: 'query',
  error: 'unknown-parameter',
  ...(SHOWABLE.test(name)
    ? { pointer: `#/${name}`, message: `This parameter does not exist.${nearestTo(name, known)}` }
    : { pointer: '#', message: 'The name of a query parameter is not valid.' }),
});

const nearestTo = (name: string, known: readonly string[]): string => {
  const near = nearestName(name, known);
  return near === undefined ? '' : ` The nearest one is \`${near}\`.`;
};

const hintFor = (unknown: readonly string[], known: readonly string[]): string => {
  if (known.length === 0) return 'This route has no query parameters. Leave it out.';
  const near = new Set(unknown.map((name) => nearestName(name, known)).filter((name) => name !== undefined));
  const inTicks = (names: Iterable<string>): string => [...names].map((name) => `\`${name}\``).join(', ');
  return near.size > 0 ? `Did you mean ${inTicks(near)}?` : `Use one of these: ${inTicks(known)}.`;
};
