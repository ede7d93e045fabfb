import { type JsonObject, isObject, isText } from '../json.ts';

type Test = (value: unknown) => boolean;

/** The texts that a field of a pattern may have: one of these, or anything but these. */
const testOf = (wanted: unknown, unplayed: (what: string) => Error): Test => {
  if (isText(wanted)) return (value) => value === wanted;
  const [[name, argument] = ['', undefined], ...others] = isObject(wanted) ? Object.entries(wanted) : [];
  const texts = Array.isArray(argument) ? argument : [argument];
  if (name !== 'anything-but' || others.length > 0 || !texts.every(isText))
    throw unplayed(JSON.stringify(wanted));
  return (value) => value !== undefined && !texts.some((text) => text === value);
};

/** A field that holds a list matches if one of its entries does. */
const valuesOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);

const fieldTest = (pattern: unknown, unplayed: (what: string) => Error): Test => {
  if (Array.isArray(pattern)) {
    const tests = pattern.map((wanted) => testOf(wanted, unplayed));
    return (value) => valuesOf(value).some((one) => tests.some((test) => test(one)));
  }
  if (!isObject(pattern)) throw unplayed(JSON.stringify(pattern));
  const fields = Object.entries(pattern).map(([name, inner]) => {
    if (name.startsWith('$')) throw unplayed(name);
    return [name, fieldTest(inner, unplayed)] as const;
  });
  return (value) => isObject(value) && fields.every(([name, test]) => test(value[name]));
};

/**
 * Whether an event matches a pattern of EventBridge. Only whole texts and `anything-but` are supported.
 * @param of the resource with the pattern
 * @throws Error naming the resource, for any other pattern
 */
export const eventPattern = (pattern: JsonObject, of: string): ((event: JsonObject) => boolean) => {
  const unplayed = (what: string): Error =>
    new Error(`${of} has the pattern ${what}, which is not played here.`);
  if (Object.keys(pattern).length === 0) throw unplayed('{}');
  return fieldTest(pattern, unplayed);
};
