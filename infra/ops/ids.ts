import { Misuse } from './command.ts';

const ID = /^[0-9a-f]{24}$/;

/** Whether a text is an id as it is stored and printed. */
export const isId = (text: string): boolean => ID.test(text);

/**
 * The id that an option gives, in lower case.
 * @throws Misuse when it is none
 */
export const idFrom = (option: string, text: string): string => {
  const id = text.toLowerCase();
  if (!isId(id)) throw new Misuse(`${option} takes an id of 24 hexadecimal digits.`);
  return id;
};
