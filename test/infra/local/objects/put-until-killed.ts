import { ObjectShelf } from '#infra/local/objects/object-shelf.ts';

/** Puts objects of a megabyte, without end, each with the same letter throughout, and reports each that it has put. */
const [folder = ''] = process.argv.slice(2);
const shelf = new ObjectShelf(folder);
for (let n = 0; ; n += 1) {
  const body = Buffer.alloc(1_000_000, 97 + (n % 26));
  await shelf.put({ bucket: 'things', key: `killed/${n % 5}` }, body, {
    sha256: body.toString('latin1', 0, 1),
    storageClass: 'STANDARD',
    at: n,
  });
  process.send?.(n);
}
