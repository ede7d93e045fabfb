import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type JsonObject, isObject, listAt, objectAt, parseJson, textAt } from '../json.ts';

export type Resource = Readonly<{
  /** Logical id in the template. */
  id: string;
  /** Name of the stack that it belongs to: logical ids are unique inside a stack only. */
  stack: string;
  type: string;
  /** The path of the construct in the app, as `/Stack/Purge/Function/Resource`; the logical id when CDK wrote no path. */
  path: string;
  properties: JsonObject;
}>;

type Stack = Readonly<{
  name: string;
  /** By logical id. */
  resources: ReadonlyMap<string, Resource>;
  /** Defaults by name. */
  parameters: ReadonlyMap<string, unknown>;
  /** Values by logical id, their intrinsics still in place. */
  outputs: ReadonlyMap<string, unknown>;
}>;

/** The synthesized stacks that are played here, and where their assets are on this disk. */
export type CloudAssembly = Readonly<{
  /** By name. */
  stacks: ReadonlyMap<string, Stack>;
  /** The folder of a file asset, by the key that it would have in the bootstrap bucket. */
  assetFolder: (s3Key: string) => string | undefined;
}>;

/** Ends the name of a stack that holds alarms, which are not played here. */
const WATCH = /-Watch$/;

const readObject = async (file: string): Promise<JsonObject> => {
  const value = parseJson(await readFile(file, 'utf8'));
  if (!isObject(value)) throw new Error(`${file} does not hold a JSON object.`);
  return value;
};

const objectsIn = (from: JsonObject): [string, JsonObject][] =>
  Object.entries(from).filter((entry): entry is [string, JsonObject] => isObject(entry[1]));

/** The artifacts of a type, each with its id. */
const artifactsOfType = (manifest: JsonObject, type: string): [string, JsonObject][] =>
  objectsIn(objectAt(manifest, 'artifacts')).filter(([, artifact]) => artifact.type === type);

/** The manifest names a stack only where the name differs from the artifact's id. */
const stackName = ([id, artifact]: [string, JsonObject]): string =>
  textAt(objectAt(artifact, 'properties'), 'stackName') ?? id;

/** Construct paths by logical id, from the metadata that CDK keeps beside the template. */
const pathsOf = (metadata: JsonObject): Map<string, string> =>
  new Map(
    Object.keys(metadata).flatMap((path) =>
      listAt(metadata, path)
        .filter(isObject)
        .filter(({ type }) => type === 'aws:cdk:logicalId')
        .map(({ data }): [string, string] => [String(data), path]),
    ),
  );

const resourcesOf = (
  stack: string,
  template: JsonObject,
  paths: ReadonlyMap<string, string>,
): Map<string, Resource> =>
  new Map(
    objectsIn(objectAt(template, 'Resources')).map(([id, resource]) => [
      id,
      {
        id,
        stack,
        type: textAt(resource, 'Type') ?? '',
        path: paths.get(id) ?? id,
        properties: objectAt(resource, 'Properties'),
      },
    ]),
  );

const readStack = async (folder: string, name: string, artifact: JsonObject): Promise<Stack> => {
  const template = await readObject(
    join(folder, textAt(objectAt(artifact, 'properties'), 'templateFile') ?? ''),
  );
  const metadataFile = textAt(artifact, 'additionalMetadataFile');
  const metadata =
    metadataFile === undefined
      ? objectAt(artifact, 'metadata')
      : await readObject(join(folder, metadataFile));
  const parameters = objectsIn(objectAt(template, 'Parameters'));
  const outputs = objectsIn(objectAt(template, 'Outputs'));
  return {
    name,
    resources: resourcesOf(name, template, pathsOf(metadata)),
    parameters: new Map(parameters.map(([id, parameter]) => [id, parameter.Default])),
    outputs: new Map(outputs.map(([id, output]) => [id, output.Value])),
  };
};

const assetKeys = (folder: string, assets: JsonObject): [string, string][] =>
  objectsIn(objectAt(assets, 'files')).flatMap(([, file]) => {
    const path = textAt(objectAt(file, 'source'), 'path');
    const destinations = objectsIn(objectAt(file, 'destinations'));
    return destinations.flatMap(([, destination]): [string, string][] => {
      const key = textAt(destination, 'objectKey');
      return key === undefined || path === undefined ? [] : [[key, resolve(folder, path)]];
    });
  });

const hasApi = ({ resources }: Stack): boolean =>
  [...resources.values()].some(({ type }) => type === 'AWS::ApiGatewayV2::Api');

/**
 * Reads what `cdk synth` wrote: manifest, templates, asset manifests. A stack of alarms, whose name ends with `-Watch`, is
 * left out.
 * @param folder usually `cdk.out`
 * @throws Error when it does not hold exactly one stack with an HTTP API
 */
export const readCloudAssembly = async (folder: string): Promise<CloudAssembly> => {
  const manifest = await readObject(join(folder, 'manifest.json'));
  const stacks = await Promise.all(
    artifactsOfType(manifest, 'aws:cloudformation:stack')
      .filter((artifact) => !WATCH.test(stackName(artifact)))
      .map((artifact) => readStack(folder, stackName(artifact), artifact[1])),
  );
  const withApi = stacks.filter(hasApi).length;
  if (withApi !== 1) {
    throw new Error(
      `${folder} must hold exactly one stack with an HTTP API; it holds ${withApi === 0 ? 'none' : 'several'}.`,
    );
  }
  const assets = await Promise.all(
    artifactsOfType(manifest, 'cdk:asset-manifest').map(([, artifact]) =>
      readObject(join(folder, textAt(objectAt(artifact, 'properties'), 'file') ?? '')),
    ),
  );
  const folders = new Map(assets.flatMap((asset) => assetKeys(folder, asset)));
  return {
    stacks: new Map(stacks.map((stack) => [stack.name, stack])),
    assetFolder: (s3Key) => folders.get(s3Key),
  };
};

/** The resources of every stack. */
export const allResources = ({ stacks }: CloudAssembly): Resource[] =>
  [...stacks.values()].flatMap(({ resources }) => [...resources.values()]);
