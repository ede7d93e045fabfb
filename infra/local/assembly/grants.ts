import type { CloudAssembly, Resource } from './cloud-assembly.ts';
import type { Resolve } from './intrinsic.ts';
import { type JsonObject, isObject, listAt, objectAt, textAt } from '../json.ts';

/** Whether an IAM pattern, with its `*` and `?`, covers a text. */
const covers = (pattern: string, text: string): boolean => {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`, 'i').test(text);
};

const refersTo = (value: unknown, id: string): boolean =>
  isObject(value) && (value.Ref === id || listAt(value, 'Fn::GetAtt')[0] === id);

/** The statements of a role: its inline policies and the policies that name it. */
const statementsOf = (roleId: string, { resources }: CloudAssembly): [JsonObject, Resource][] =>
  [...resources.values()].flatMap((resource): [JsonObject, Resource][] => {
    const documents =
      resource.id === roleId
        ? listAt(resource.properties, 'Policies').filter(isObject)
        : resource.type.startsWith('AWS::IAM::') &&
            listAt(resource.properties, 'Roles').some((role) => refersTo(role, roleId))
          ? [resource.properties]
          : [];
    return documents.flatMap((policy) =>
      listAt(objectAt(policy, 'PolicyDocument'), 'Statement')
        .filter(isObject)
        .map((statement): [JsonObject, Resource] => [statement, resource]),
    );
  });

export type Grants = (action: string, resourceArn: string) => boolean;

/** What a function's role may do, as IAM decides it: an explicit Deny beats any Allow; conditions are not played. */
export const grantsOf = (lambda: Resource, assembly: CloudAssembly, resolve: Resolve): Grants => {
  const role = [...assembly.resources.values()].find(({ id }) => refersTo(lambda.properties.Role, id));
  const statements = role === undefined ? [] : statementsOf(role.id, assembly);
  const concerns = (
    [statement, within]: [JsonObject, Resource],
    action: string,
    resourceArn: string,
  ): boolean =>
    listAt(statement, 'Action').some((pattern) => covers(String(pattern), action)) &&
    listAt(statement, 'Resource').some((pattern) => covers(String(resolve(pattern, within)), resourceArn));
  return (action, resourceArn) => {
    const effects = statements
      .filter((statement) => concerns(statement, action, resourceArn))
      .map(([statement]) => textAt(statement, 'Effect'));
    return effects.includes('Allow') && !effects.includes('Deny');
  };
};
