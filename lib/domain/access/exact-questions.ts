import { hiddenFrom } from './hidden-fields.ts';
import type { Role } from './scope.ts';

/**
 * An exact question names a whole email or phone and asks which customer has it. A role that sees these fields masked
 * could guess values until one is found, so only this many questions of a caller may find nobody in any hour.
 */
export const MOST_MISSES = 20;

/** The denials of one caller in an hour that are reported to the operator, and the most that are counted. */
export const MANY_DENIALS = 20;

/** How long a miss or a denial counts. */
export const COUNTED_MS = 60 * 60 * 1_000;

/** Whether the misses of a role are limited: those of every role that sees masks. */
export const isMissLimited = (role: Role): boolean => hiddenFrom(role).length > 0;

/** An exact question of one caller, as it is counted. Its miss is counted before the look-up, and taken back on a hit. */
export type CountedQuestion = Readonly<{ id: string; caller: string; at: Date; isDenied: boolean }>;

/** Whether a caller may ask now, and the id of its question; if not, when to try again, and the place of this denial among those that count. */
export type Verdict =
  | Readonly<{ isGranted: true; id: string }>
  | Readonly<{
      isGranted: false;
      /** Whole seconds, at least one. */
      retryAfterSeconds: number;
      /** Null for a denial after the last one that is counted. */
      denial: number | null;
    }>;

/**
 * What the caller's questions mean for the one with this id. Questions that no longer count must be left out.
 * @param asked the caller's questions after this one was counted, in any order
 */
export const verdictOn = (id: string, asked: readonly CountedQuestion[], now: Date): Verdict => {
  const own = asked.find((question) => question.id === id);
  if (own?.isDenied === false) return { isGranted: true, id };
  const misses = asked.filter(({ isDenied }) => !isDenied).map(({ at }) => at.getTime());
  const oldest = Math.min(now.getTime(), ...misses);
  return {
    isGranted: false,
    retryAfterSeconds: Math.max(1, Math.ceil((oldest + COUNTED_MS - now.getTime()) / 1_000)),
    denial: own === undefined ? null : asked.filter(({ isDenied }) => isDenied).length,
  };
};
