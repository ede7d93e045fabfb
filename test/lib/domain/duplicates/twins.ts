import { fc } from '#test/support/fast-check.ts';
import type { Comparable } from '#lib/domain/duplicates/likeness.ts';

/** A letter of a name written wrong, in one of the four ways. */
export const slipIn = (name: string, { at, way, letter }: Slip): string => {
  const place = 1 + (at % (name.length - 2));
  const [before, after] = [name.slice(0, place), name.slice(place)];
  switch (way) {
    case 'inserted':
      return before + letter + after;
    case 'left out':
      return before + after.slice(1);
    case 'replaced':
      return before + letter + after.slice(1);
    case 'swapped':
      return before + after.slice(1, 2) + after.slice(0, 1) + after.slice(2);
  }
};
export type Slip = Readonly<{
  at: number;
  way: 'inserted' | 'left out' | 'replaced' | 'swapped';
  letter: string;
}>;
export const aSlip: fc.Arbitrary<Slip> = fc.record({
  at: fc.nat({ max: 100 }),
  way: fc.constantFrom('inserted', 'left out', 'replaced', 'swapped'),
  letter: fc.constantFrom('a', 'e', 'k', 'n', 'z', 'w'),
});

const word = fc.stringMatching(/^[A-ZŁŚŻ][a-ząęłóśżź]{3,8}$/);

/** Somebody with everything that is compared. */
export const somebody: fc.Arbitrary<{ [F in keyof Comparable]: string }> = fc.record({
  firstName: word,
  lastName: word,
  email: fc.stringMatching(/^[a-z]{4,8}\.[a-z]{4,8}@(gmail\.com|wp\.pl|b\.example)$/),
  phone: fc.stringMatching(/^48[5-7]\d{8}$/),
});
