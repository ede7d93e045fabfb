import type { CloudAssembly, Resource } from './cloud-assembly.ts';
import { isObject, isText, textAt } from '../json.ts';

/** Stands in for the account that a laptop does not have. */
export const LOCAL_ACCOUNT = Object.freeze({
  region: 'eu-central-1',
  accountId: '000000000000',
  partition: 'aws',
  urlSuffix: 'amazonaws.com',
});

const PSEUDO_PARAMETERS: Readonly<Record<string, string>> = {
  'AWS::Region': LOCAL_ACCOUNT.region,
  'AWS::AccountId': LOCAL_ACCOUNT.accountId,
  'AWS::Partition': LOCAL_ACCOUNT.partition,
  'AWS::URLSuffix': LOCAL_ACCOUNT.urlSuffix,
  'AWS::StackName': 'local',
};

/** The property that gives a resource of this type its physical name. */
const NAME_PROPERTY: Readonly<Record<string, string>> = {
  'AWS::Lambda::Function': 'FunctionName',
  'AWS::Logs::LogGroup': 'LogGroupName',
  'AWS::Scheduler::Schedule': 'Name',
  'AWS::SecretsManager::Secret': 'Name',
  'AWS::SNS::Topic': 'TopicName',
  'AWS::SQS::Queue': 'QueueName',
};

/** The physical name a resource has here: the one the template gives it, else its logical id. */
export const localName = ({ id, type, properties }: Resource): string =>
  textAt(properties, NAME_PROPERTY[type] ?? '') ?? id;

const ARN_RESOURCE: Readonly<Record<string, (name: string) => string>> = {
  'AWS::Lambda::Function': (name) => `function:${name}`,
  'AWS::SecretsManager::Secret': (name) => `secret:${name}`,
};

/** An ARN that is the same in every run, so that what one resource says of another still fits. */
export const localArn = (resource: Resource): string => {
  const service = resource.type.split('::')[1]?.toLowerCase() ?? '';
  const { partition, region, accountId } = LOCAL_ACCOUNT;
  const name = localName(resource);
  return `arn:${partition}:${service}:${region}:${accountId}:${ARN_RESOURCE[resource.type]?.(name) ?? name}`;
};

/** `Ref` answers the ARN for these types and the name for every other that the stack uses. */
const REF_IS_ARN: ReadonlySet<string> = new Set(['AWS::SecretsManager::Secret', 'AWS::SNS::Topic']);

export type Resolve = (value: unknown, within: Resource) => unknown;

/** One template's intrinsic functions, each made a local stand-in. */
class Intrinsics {
  readonly #resources: CloudAssembly['resources'];
  readonly #parameters: CloudAssembly['parameters'];

  constructor({ resources, parameters }: CloudAssembly) {
    this.#resources = resources;
    this.#parameters = parameters;
  }

  resolve(value: unknown, within: Resource): unknown {
    if (Array.isArray(value)) return value.map((item: unknown) => this.resolve(item, within));
    if (!isObject(value)) return value;
    const [[name, argument] = ['', undefined], ...others] = Object.entries(value);
    if (others.length === 0 && (name === 'Ref' || name.startsWith('Fn::'))) {
      return this.#apply(name, argument, within);
    }
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.resolve(item, within)]));
  }

  #apply(name: string, argument: unknown, within: Resource): unknown {
    const parts: readonly unknown[] = Array.isArray(argument) ? argument : [argument];
    switch (name) {
      case 'Ref':
        return this.#refer(String(argument), within);
      case 'Fn::GetAtt':
        return this.#attribute(parts.map(String).join('.'), within);
      case 'Fn::Join':
        return this.#join(parts, within);
      case 'Fn::Sub':
        return this.#substitute(parts, within);
      default:
        throw new Error(`${within.path} uses ${name}, which has no local meaning.`);
    }
  }

  #refer(name: string, within: Resource): unknown {
    const target = this.#resources.get(name);
    if (target !== undefined) return REF_IS_ARN.has(target.type) ? localArn(target) : localName(target);
    if (this.#parameters.has(name)) return this.#parameters.get(name);
    const pseudo = PSEUDO_PARAMETERS[name];
    if (pseudo === undefined)
      throw new Error(`${within.path} refers to ${name}, which the template does not have.`);
    return pseudo;
  }

  /** @param dotted as `Function.Arn` */
  #attribute(dotted: string, within: Resource): string {
    const [target = '', ...rest] = dotted.split('.');
    const name = rest.join('.');
    const resource = this.#resources.get(target);
    if (resource === undefined)
      throw new Error(`${within.path} asks for ${name} of ${target}, which does not exist.`);
    return name === 'Arn' || name === 'Id' ? localArn(resource) : `${localName(resource)}.${name}`;
  }

  #join([separator, parts]: readonly unknown[], within: Resource): string {
    if (!isText(separator) || !Array.isArray(parts))
      throw new Error(`${within.path} has a malformed Fn::Join.`);
    return parts.map((part: unknown) => String(this.resolve(part, within))).join(separator);
  }

  #substitute([pattern, values]: readonly unknown[], within: Resource): string {
    if (!isText(pattern)) throw new Error(`${within.path} has an Fn::Sub without text.`);
    return pattern.replace(/\$\{([^!}][^}]*)\}/g, (_, name: string) => {
      if (isObject(values) && name in values) return String(this.resolve(values[name], within));
      return name.includes('.') ? this.#attribute(name, within) : String(this.#refer(name, within));
    });
  }
}

/**
 * Makes the resolver of one template's intrinsic functions: Ref, Fn::GetAtt, Fn::Join and Fn::Sub become local
 * stand-ins, everything else of a value stays as it is.
 * @throws Error naming the resource, for an intrinsic that has no local meaning
 */
export const resolver = (assembly: CloudAssembly): Resolve => {
  const intrinsics = new Intrinsics(assembly);
  return (value, within) => intrinsics.resolve(value, within);
};
