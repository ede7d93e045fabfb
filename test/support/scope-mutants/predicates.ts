import { globSync, readFileSync } from 'node:fs';
import ts from 'typescript';

/** A stretch of a source file and the text to put in its place. */
export type Edit = Readonly<{ file: string; start: number; end: number; text: string }>;

/** A place where something for the database is bound to a business, and what a bug could make of it. */
export type Predicate = Readonly<{ where: string; dropped: Edit; foreign: Edit }>;

/** A business that the mutants' process knows by this name: see load-mutants.ts. */
const FOREIGN = 'globalThis.foreignBusiness';
const BINDING: ReadonlySet<string> = new Set(['businessId', '_id']);
const QUERIES =
  /^(find|findOne|findOneAndUpdate|countDocuments|updateOne|updateMany|deleteOne|deleteMany|insert)$/;
const BOUND = /^(filter|document|\$match)$/;

/** `new Types.ObjectId(scope.businessId)`, whoever's it is. */
const isBusiness = (node: ts.Node | undefined): node is ts.NewExpression =>
  node !== undefined && /^new Types\.ObjectId\(\s*(\w+\.)?businessId\s*\)$/.test(node.getText());

/** A name that a constant of the same function gives to a business's id. */
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

/** Whether an object is a filter or a document as it is written, and not what a function answers. */
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
  const note = (node: ts.Node, dropped: Omit<Edit, 'file'>, foreign: Omit<Edit, 'file'>): void => {
    const line = source.getLineAndCharacterOfPosition(node.getStart()).line + 1;
    found.push({
      where: `${file}:${line} ${node.getText()}`,
      dropped: { file, ...dropped },
      foreign: { file, ...foreign },
    });
  };
  const visit = (node: ts.Node): void => {
    if (isPredicate(node)) {
      const [start, end] = [node.getStart(), node.getEnd()];
      const comma = /^\s*,/.exec(text.slice(end))?.[0].length ?? 0;
      note(
        node,
        { start, end: end + comma, text: '' },
        { start, end, text: `${node.name.getText()}: ${FOREIGN}` },
      );
    }
    if (isById(node)) {
      const [start, end] = [node.expression.name.getStart(), node.getEnd()];
      note(
        node.expression.name,
        { start, end, text: 'findOne({})' },
        { start, end, text: `findById(${FOREIGN})` },
      );
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
};

/** Every place in the store where a query, a write or a pipeline is bound to a business. */
export const findPredicates = (): readonly Predicate[] =>
  globSync('lib/store/**/*.ts')
    .filter((file) => !/^lib\/store\/(isolation|migrations|models)\//.test(file))
    .sort()
    .flatMap(predicatesIn);

/** Lets every command pass the store's own guard. */
export const guardOff = (): Edit => {
  const file = 'lib/store/isolation/guard.ts';
  const start = /export const refuseUnscoped = .*?=> \{/s.exec(readFileSync(file, 'utf8'));
  if (start === null) throw new Error(`There is no refuseUnscoped in ${file}: say here what the guard is now.`);
  const end = start.index + start[0].length;
  return { file, start: end, end, text: ' return;' };
};
