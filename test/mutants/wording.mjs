// What a person reads is checked by people: a test that repeats a sentence proves nothing. So its mutants do not count.
// Codes, pointers, keys and everything else that a program reads do.

/** Of a `new Refusal(code, message)` the second argument, of every other error the first. */
const messageIndex = ({ name }) =>
  name === 'Refusal' ? 1 : /(?:Error|Unavailable|Conflict)$/.test(name) ? 0 : -1;
/** Where the sentence stands among what these are called with. */
const SENTENCE_AT = { meta: 0, regex: 1, refine: 1, bodyViolation: 2 };
const NAMES = new Set(['message', 'advice', 'title', 'summary', 'impact']);

const isText = ({ type }) => type === 'StringLiteral' || type === 'TemplateLiteral';

const isWording = ({ node, parent, key, listKey }) => {
  if (parent?.type === 'CallExpression' && listKey === 'arguments') {
    const name = parent.callee.property?.name ?? parent.callee.name;
    return SENTENCE_AT[name] === key && (name === 'meta' || isText(node));
  }
  if (!isText(node)) return false;
  if (parent?.type === 'NewExpression' && listKey === 'arguments') return messageIndex(parent.callee) === key;
  if (parent?.type === 'VariableDeclarator') return NAMES.has(parent.id.name);
  return parent?.type === 'ObjectProperty' && key === 'value' && NAMES.has(parent.key.name);
};

export const strykerPlugins = [
  {
    kind: 'Ignore',
    name: 'wording',
    value: { shouldIgnore: (path) => (isWording(path) ? 'What a person reads.' : undefined) },
  },
];
