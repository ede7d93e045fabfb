/** Two names are near when they differ in at most a third of the letters. */
const NEAR = 1 / 3;

/** How many letters have to be inserted, left out or replaced to turn one text into the other (Levenshtein). */
const distance = (one: string, other: string): number => {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [index, letter] of Array.from(one).entries()) {
    const next = [index + 1];
    for (let at = 0; at < other.length; at += 1) {
      const replaced = (row[at] ?? 0) + (letter === other[at] ? 0 : 1);
      next.push(Math.min(replaced, (row[at + 1] ?? 0) + 1, (next[at] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
};

/** The name that somebody probably meant: the nearest one, in any letter case; undefined when none is near. */
export const nearestName = (written: string, names: readonly string[]): string | undefined => {
  const [nearest] = names
    .map((name) => ({ name, apart: distance(written.toLowerCase(), name.toLowerCase()) }))
    .filter(({ name, apart }) => apart <= Math.max(name.length, written.length) * NEAR)
    .sort((one, other) => one.apart - other.apart);
  return nearest?.name;
};
