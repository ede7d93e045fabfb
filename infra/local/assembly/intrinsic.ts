import type { CloudAssembly, Resource } from './cloud-assembly.ts';
import { isObject, isText, textAt } from '../json.ts';

/** The AWS account that this machine pretends to be. */
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
};

/** The property that gives a resource of this type its physical name. */
const NAME_PROPERTY: Readonly<Record<string, string>> = {
  'AWS::Events::EventBus': 'Name',
  'AWS::Events::Rule': 'Name',
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

const ARN_RESOURCE: Readonly<Record<string, (name: string, resource: Resource) => string>> = {
  'AWS::Events::EventBus': (name) => `event-bus/${name}`,
  'AWS::Events::Rule': (name, { properties }) =>
    `rule/${textAt(properties, 'EventBusName') ?? 'default'}/${name}`,
  'AWS::Lambda::Function': (name) => `function:${name}`,
  'AWS::SecretsManager::Secret': (name) => `secret:${name}`,
};

/** An ARN that is the same in every run, so that what one resource says of another still fits. */
export const localArn = (resource: Resource): string => {
  const service = resource.type.split('::')[1]?.toLowerCase() ?? '';
  const { partition, region, accountId } = LOCAL_ACCOUNT;
  const name = localName(resource);
  return `arn:${partition}:${service}:${region}:${accountId}:${ARN_RESOURCE[resource.type]?.(name, resource) ?? name}`;
};

/** `Ref` answers the ARN for these types and the name for every other that the stack uses. */
const REF_IS_ARN: ReadonlySet<string> = new Set(['AWS::SecretsManager::Secret', 'AWS::SNS::Topic']);

const BUCKET = 'AWS::S3::Bucket';

export type Resolve = (value: unknown, within: Resource) => unknown;

/** The templates' intrinsic functions, each made a local stand-in. */
class Intrinsics {
  readonly #stacks: CloudAssembly['stacks'];

  constructor({ stacks }: CloudAssembly) {
    this.#stacks = stacks;
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
      case 'Fn::GetStackOutput':
        return this.#output(parts[0], within);
      default:
        throw new Error(`${within.path} uses ${name}, which has no local meaning.`);
    }
  }

  /** A bucket's name is made of the account and the region. */
  #bucketName(bucket: Resource): string {
    return String(this.resolve(bucket.properties.BucketName ?? bucket.id.toLowerCase(), bucket));
  }

  #refer(name: string, within: Resource): unknown {
    const stack = this.#stacks.get(within.stack);
    const target = stack?.resources.get(name);
    if (target?.type === BUCKET) return this.#bucketName(target);
    if (target !== undefined) return REF_IS_ARN.has(target.type) ? localArn(target) : localName(target);
    if (stack?.parameters.has(name) === true) return stack.parameters.get(name);
    const pseudo = name === 'AWS::StackName' ? within.stack : PSEUDO_PARAMETERS[name];
    if (pseudo === undefined)
      throw new Error(`${within.path} refers to ${name}, which the template does not have.`);
    return pseudo;
  }

  /** @param dotted as `Function.Arn` */
  #attribute(dotted: string, within: Resource): string {
    const [target = '', ...rest] = dotted.split('.');
    const name = rest.join('.');
    const resource = this.#stacks.get(within.stack)?.resources.get(target);
    if (resource === undefined)
      throw new Error(`${within.path} asks for ${name} of ${target}, which does not exist.`);
    if (resource.type === BUCKET && name === 'Arn')
      return `arn:${LOCAL_ACCOUNT.partition}:s3:::${this.#bucketName(resource)}`;
    return name === 'Arn' || name === 'Id' ? localArn(resource) : `${localName(resource)}.${name}`;
  }

  /** What another stack, or this one, has as an output. */
  #output(argument: unknown, within: Resource): unknown {
    const { StackName, OutputName } = isObject(argument) ? argument : {};
    const stack = String(this.resolve(StackName, within));
    const output = String(this.resolve(OutputName, within));
    const value = this.#stacks.get(stack)?.outputs.get(output);
    if (value === undefined)
      throw new Error(`${within.path} reads the output ${output} of ${stack}, which does not exist.`);
    return this.resolve(value, { ...within, stack });
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
 * Makes the resolver of the templates' intrinsic functions: Ref, Fn::GetAtt, Fn::Join, Fn::Sub and Fn::GetStackOutput
 * become local stand-ins; everything else of a value stays as it is.
 * @throws Error naming the resource, for an intrinsic that has no local meaning
 */
export const resolver = (assembly: CloudAssembly): Resolve => {
  const intrinsics = new Intrinsics(assembly);
  return (value, within) => intrinsics.resolve(value, within);
};
