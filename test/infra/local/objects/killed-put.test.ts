import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { ObjectShelf } from '#infra/local/objects/object-shelf.ts';

const KILLS = 12;
const folder = mkdtempSync(join(tmpdir(), 'shelf-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('a put that is killed', () => {
  it('leaves the object as it was or as it was to be, never half of it, and loses none that was reported', async () => {
    for (let kill = 0; kill < KILLS; kill += 1) {
      const child = fork(join(import.meta.dirname, 'put-until-killed.ts'), [folder]);
      let last = -1;
      child.on('message', (n) => {
        last = Number(n);
        // At once, or while the next turns of the loop do different parts of a put.
        if (last >= 2 + (kill % 4)) setTimeout(() => child.kill('SIGKILL'), kill % 7);
      });
      await once(child, 'close');
      const shelf = new ObjectShelf(folder);
      const keys = shelf.keys('things', 'killed/');
      expect(keys.length).toBeGreaterThanOrEqual(3);
      for (const key of keys) {
        const about = shelf.about({ bucket: 'things', key })!;
        const body = shelf.body({ bucket: 'things', key });
        expect([body.length, about.bytes]).toEqual([1_000_000, 1_000_000]);
        expect(body.equals(Buffer.alloc(1_000_000, about.sha256))).toBe(true);
      }
      const newest = shelf.about({ bucket: 'things', key: `killed/${last % 5}` })!;
      expect(newest.at).toBeGreaterThanOrEqual(last);
      expect(readdirSync(folder)).toEqual(['things']);
    }
  });
});
