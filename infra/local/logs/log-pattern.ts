import { isObject, parseJson } from '../json.ts';

const COMPARISON = /^\(?\s*\$\.(\w+)\s*=\s*"([^"*]*)"\s*\)?$/;

const fieldsOf = (line: string): unknown => {
  if (!line.startsWith('{')) return undefined;
  try {
    return parseJson(line);
  } catch {
    return undefined;
  }
};

/**
 * Whether a line matches a filter pattern of CloudWatch Logs. Only patterns that compare JSON fields with texts are
 * supported, as `{ ($.message = "a") || ($.message = "b") }`. A line that is not JSON never matches.
 * @throws Error for any other pattern
 */
export const logPattern = (pattern: string): ((line: string) => boolean) => {
  const alternatives = /^\{(.+)\}$/.exec(pattern.trim())?.[1]?.split('||') ?? [''];
  const wanted = alternatives.map((alternative) => {
    const [, name, text] = COMPARISON.exec(alternative.trim()) ?? [];
    if (name === undefined) throw new Error(`The filter pattern ${pattern} is not supported locally.`);
    return { name, text };
  });
  return (line) => {
    const fields = fieldsOf(line);
    return isObject(fields) && wanted.some(({ name, text }) => fields[name] === text);
  };
};
