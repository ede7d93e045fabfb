import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const ROOT = resolve(import.meta.dirname, '../../..');
const IMPORT = /^(?:import|export)\b[^;]*?from '([^']+)'/gms;

/** The files of the project that a file imports, types included, from the project's root. */
const importsOf = (file: string): string[] =>
  [...readFileSync(join(ROOT, file), 'utf8').matchAll(IMPORT)].flatMap(([, from = '']) =>
    from.startsWith('#')
      ? [from.slice(1)]
      : from.startsWith('.')
        ? [relative(ROOT, resolve(ROOT, dirname(file), from))]
        : [],
  );

/** The first way that leads from a node back to itself; null when there is none. */
const circleIn = (imports: ReadonlyMap<string, readonly string[]>): string[] | null => {
  const done = new Set<string>();
  const walk = (file: string, way: readonly string[]): string[] | null => {
    if (way.includes(file)) return [...way.slice(way.indexOf(file)), file];
    if (done.has(file)) return null;
    for (const next of imports.get(file) ?? []) {
      const circle = walk(next, [...way, file]);
      if (circle !== null) return circle;
    }
    done.add(file);
    return null;
  };
  for (const file of imports.keys()) {
    const circle = walk(file, []);
    if (circle !== null) return circle;
  }
  return null;
};

const importsIn = (...folders: readonly string[]) =>
  new Map(
    folders
      .flatMap((folder) => globSync(`${folder}/**/*.ts`, { cwd: ROOT }))
      .map((file) => [file, importsOf(file)]),
  );

/** The rooms that each room imports. */
const betweenRooms = (imports: ReadonlyMap<string, readonly string[]>): Map<string, string[]> => {
  const rooms = new Map<string, string[]>();
  for (const [file, targets] of imports) {
    const room = dirname(file);
    const others = targets.map((target) => dirname(target)).filter((other) => other !== room);
    rooms.set(room, [...new Set([...(rooms.get(room) ?? []), ...others])]);
  }
  return rooms;
};

describe('imports', () => {
  it('lead no file back to itself', () => {
    const imports = importsIn('lib', 'functions', 'infra');
    expect(imports.size).toBeGreaterThan(300);
    expect(circleIn(imports)).toBeNull();
  });

  it('lead no room of lib or functions back to itself', () => {
    expect(circleIn(betweenRooms(importsIn('lib', 'functions')))).toBeNull();
  });

  it('would be found if they did', () => {
    const imports = new Map([
      ['a', ['b']],
      ['b', ['c', 'd']],
      ['c', []],
      ['d', ['b']],
    ]);
    expect(circleIn(imports)).toEqual(['b', 'd', 'b']);
  });
});
