import { placesTable } from './processing-record.ts';

const NAME = 'places of a person';
const BEGIN = `<!-- ${NAME}: begin, written by npm run readme -->`;
const END = `<!-- ${NAME}: end -->`;

/**
 * The text of docs/privacy.md with the table of places as the collections say it now.
 * @throws Error when the comments around the table are missing
 */
export const withPlaces = (page: string): string => {
  const [from, to] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (from < 0 || to < from)
    throw new Error(`docs/privacy.md needs the lines «${BEGIN}» and «${END}», in this order. Add them.`);
  return `${page.slice(0, from + BEGIN.length)}\n\n${placesTable()}\n\n${page.slice(to)}`;
};
