import { type CloudAssembly, type Resource, allResources } from './cloud-assembly.ts';
import type { Resolve } from './intrinsic.ts';
import { type JsonObject, isObject, listAt, objectAt, textAt } from '../json.ts';

/** Whether an IAM pattern, with its `*` and `?`, covers a text. Case counts in resources, not in actions. */
export const covers = (pattern: string, text: string, flags = ''): boolean => {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`, flags).test(text);
};

export const refersTo = (value: unknown, id: string): boolean =>
  isObject(value) && (value.Ref === id || listAt(value, 'Fn::GetAtt')[0] === id);

/** The statements of a role: its inline policies and the policies of its stack that name it. */
const statementsOf = (role: Resource, neighbours: readonly Resource[]): [JsonObject, Resource][] =>
  neighbours.flatMap((resource): [JsonObject, Resource][] => {
    const documents =
      resource === role
        ? listAt(resource.properties, 'Policies').filter(isObject)
        : resource.type.startsWith('AWS::IAM::') &&
            listAt(resource.properties, 'Roles').some((named) => refersTo(named, role.id))
          ? [resource.properties]
          : [];
    return documents.flatMap((policy) =>
      listAt(objectAt(policy, 'PolicyDocument'), 'Statement')
        .filter(isObject)
        .map((statement): [JsonObject, Resource] => [statement, resource]),
    );
  });

/** What a call tells beside its action and its resource, by condition key. */
type CallContext = Readonly<Record<string, string>>;

export type Grants = (action: string, resourceArn: string, context?: CallContext) => boolean;

/** The condition keys that are played. Every other condition counts as fulfilled. */
const PLAYED_KEYS: ReadonlySet<string> = new Set(['s3:prefix']);

/** A condition on a key that the call does not have is not fulfilled, as in IAM. */
const holds = (statement: JsonObject, context: CallContext): boolean =>
  Object.entries(objectAt(statement, 'Condition')).every(
    ([, conditions]) =>
      !isObject(conditions) ||
      Object.keys(conditions)
        .filter((key) => PLAYED_KEYS.has(key))
        .every((key) =>
          listAt(conditions, key).some(
            (pattern) => context[key] !== undefined && covers(String(pattern), context[key]),
          ),
        ),
  );

/** What a function's role may do, as IAM decides it: an explicit Deny beats any Allow. Of conditions, only `s3:prefix` is played. */
export const grantsOf = (lambda: Resource, assembly: CloudAssembly, resolve: Resolve): Grants => {
  const neighbours = allResources(assembly).filter(({ stack }) => stack === lambda.stack);
  const role = neighbours.find(({ id }) => refersTo(lambda.properties.Role, id));
  const statements = role === undefined ? [] : statementsOf(role, neighbours);
  const concerns = (
    [statement, within]: [JsonObject, Resource],
    action: string,
    resourceArn: string,
  ): boolean =>
    listAt(statement, 'Action').some((pattern) => covers(String(pattern), action, 'i')) &&
    listAt(statement, 'Resource').some((pattern) => covers(String(resolve(pattern, within)), resourceArn));
  return (action, resourceArn, context = {}) => {
    const effects = statements
      .filter((statement) => concerns(statement, action, resourceArn) && holds(statement[0], context))
      .map(([statement]) => textAt(statement, 'Effect'));
    return effects.includes('Allow') && !effects.includes('Deny');
  };
};
