import { globSync, readFileSync } from 'node:fs';
import ts from 'typescript';

/** A stretch of a source file and the text that replaces it. */
export type Edit = Readonly<{ file: string; start: number; end: number; text: string }>;

/** A place in the source where a database command is limited to a business, and what a bug could make of it. */
export type Predicate = Readonly<{ where: string; dropped: Edit; foreign: Edit }>;

/** The name under which the mutants' process knows another business: see load-mutants.ts. */
const FOREIGN = 'globalThis.foreignBusiness';
const BINDING: ReadonlySet<string> = new Set(['businessId', '_id']);
/** Functions that take a filter, or the document to insert. */
const QUERIES =
  /^(find|findOne|findOneAndUpdate|countDocuments|updateOne|updateMany|deleteOne|deleteMany|insert)$/;
const BOUND = /^(filter|document|\$match)$/;

/** `new Types.ObjectId(scope.businessId)`, or another expression for the business. */
export const BUSINESS_ID = /new Types\.ObjectId\((\w+\.)?businessId\)/;
const isBusiness = (node: ts.Node | undefined): boolean =>
  node !== undefined && BUSINESS_ID.exec(node.getText())?.[0] === node.getText();

/** A name that a constant in the same function gives to a business's id. */
const namesBusiness = (name: ts.Identifier): boolean => {
  for (let scope: ts.Node = name; !ts.isSourceFile(scope); scope = scope.parent) {
    if (!ts.isBlock(scope)) continue;
    const declared = scope.statements
      .filter(ts.isVariableStatement)
      .flatMap(({ declarationList }) => declarationList.declarations)
      .find((declaration) => declaration.name.getText() === name.text);
    if (declared !== undefined) return isBusiness(declared.initializer);
  }
  return false;
};

/** Whether an object is a filter or a document, and not a return value of a function. */
const isSent = ({ parent }: ts.ObjectLiteralExpression): boolean => {
  if (ts.isCallExpression(parent)) {
    const { expression: callee } = parent;
    return QUERIES.test(ts.isPropertyAccessExpression(callee) ? callee.name.text : callee.getText());
  }
  return (
    (ts.isPropertyAssignment(parent) || ts.isVariableDeclaration(parent)) && BOUND.test(parent.name.getText())
  );
};

const isPredicate = (node: ts.Node): node is ts.PropertyAssignment | ts.ShorthandPropertyAssignment => {
  if (ts.isPropertyAssignment(node)) return BINDING.has(node.name.getText()) && isBusiness(node.initializer);
  if (!ts.isShorthandPropertyAssignment(node) || !BINDING.has(node.name.text)) return false;
  return isSent(node.parent) && (node.name.text === 'businessId' || namesBusiness(node.name));
};

/** `findById(new Types.ObjectId(scope.businessId))`. */
const isById = (
  node: ts.Node,
): node is ts.CallExpression & { readonly expression: ts.PropertyAccessExpression } =>
  ts.isCallExpression(node) &&
  ts.isPropertyAccessExpression(node.expression) &&
  node.expression.name.text === 'findById' &&
  isBusiness(node.arguments[0]);

const predicatesIn = (file: string): Predicate[] => {
  const text = readFileSync(file, 'utf8');
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: Predicate[] = [];
  const note = (start: number, end: number, texts: { dropped: string; foreign: string }): void => {
    const line = source.getLineAndCharacterOfPosition(start).line + 1;
    // A property is removed with its comma.
    const comma = texts.dropped === '' ? (/^\s*,/.exec(text.slice(end))?.[0].length ?? 0) : 0;
    found.push({
      where: `${file}:${String(line)} ${text.slice(start, end)}`,
      dropped: { file, start, end: end + comma, text: texts.dropped },
      foreign: { file, start, end, text: texts.foreign },
    });
  };
  const visit = (node: ts.Node): void => {
    if (isPredicate(node))
      note(node.getStart(), node.getEnd(), {
        dropped: '',
        foreign: `${node.name.getText()}: ${FOREIGN}`,
      });
    if (isById(node))
      note(node.expression.name.getStart(), node.getEnd(), {
        dropped: 'findOne({})',
        foreign: `findById(${FOREIGN})`,
      });
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
};

/** The files that query or write for a caller. */
export const storeFiles = (): readonly string[] =>
  globSync('lib/store/**/*.ts')
    .filter((file) => !/^lib\/store\/(collections|isolation|migrations)\//.test(file))
    .sort();

/** Every place in the store where a query, a write or a pipeline is limited to a business. */
export const findPredicates = (): readonly Predicate[] => storeFiles().flatMap(predicatesIn);

/** Makes every command pass the store's own guard. */
export const guardOff = (): Edit => {
  const file = 'lib/store/isolation/guard.ts';
  const start = /export const refuseUnscoped = .*?=> \{/s.exec(readFileSync(file, 'utf8'));
  if (start === null)
    throw new Error(`There is no refuseUnscoped in ${file}: say here what the guard is now.`);
  const end = start.index + start[0].length;
  return { file, start: end, end, text: ' return;' };
};
