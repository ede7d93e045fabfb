import type { Db } from 'mongodb';

const megabytes = (bytes: number): string => `${(bytes / 1_000_000).toFixed(1)} MB`;

/** What the customers take on disk: each collection's documents and indexes, the largest ones by name. */
export const diskLines = async (database: Db): Promise<string[]> => {
  const customers = await database.collection('customer').countDocuments();
  const names = (await database.listCollections().toArray()).map(({ name }) => name);
  const all = await Promise.all(names.map((name) => database.command({ collStats: name })));
  const sum = (of: (stats: any) => number): number => all.reduce((total, stats) => total + of(stats), 0);
  const [data, indexes] = [
    sum(({ storageSize }) => storageSize),
    sum(({ totalIndexSize }) => totalIndexSize),
  ];
  const sizes = all.flatMap(({ indexSizes }) => Object.entries<number>(indexSizes));
  const largest = sizes.sort(([, one], [, other]) => other - one).slice(0, 4);
  return [
    `${customers} customers: data ${megabytes(data)}, indexes ${megabytes(indexes)} (${(indexes / data).toFixed(1)} times); ` +
      `${((data + indexes) / customers).toFixed(0)} bytes a customer`,
    ...largest.map(
      ([name, bytes]) =>
        `  ${name.padEnd(26)} ${megabytes(bytes).padStart(10)}  ${(bytes / customers).toFixed(0)} bytes a customer`,
    ),
  ];
};
