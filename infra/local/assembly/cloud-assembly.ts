import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type JsonObject, isObject, listAt, objectAt, parseJson, textAt } from '../json.ts';

export type Resource = Readonly<{
  /** Logical id in the template. */
  id: string;
  type: string;
  /** Where the construct stands in the app, as `/Stack/Purge/Function/Resource`; the logical id when CDK wrote none. */
  path: string;
  properties: JsonObject;
}>;

type Stack = Readonly<{ resources: ReadonlyMap<string, Resource>; parameters: ReadonlyMap<string, unknown> }>;

/** One synthesized stack: its resources, its parameters' defaults, and where its assets lie on this disk. */
export type CloudAssembly = Stack &
  Readonly<{
    /** The folder of a file asset, by the key under which it would lie in the bootstrap bucket. */
    assetFolder: (s3Key: string) => string | undefined;
  }>;

const readObject = async (file: string): Promise<JsonObject> => {
  const value = parseJson(await readFile(file, 'utf8'));
  if (!isObject(value)) throw new Error(`${file} does not hold a JSON object.`);
  return value;
};

const objectsIn = (from: JsonObject): [string, JsonObject][] =>
  Object.entries(from).filter((entry): entry is [string, JsonObject] => isObject(entry[1]));

const artifactsOfType = (manifest: JsonObject, type: string): JsonObject[] =>
  objectsIn(objectAt(manifest, 'artifacts'))
    .map(([, artifact]) => artifact)
    .filter((artifact) => artifact.type === type);

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

const resourcesOf = (template: JsonObject, paths: ReadonlyMap<string, string>): Map<string, Resource> =>
  new Map(
    objectsIn(objectAt(template, 'Resources')).map(([id, resource]) => [
      id,
      {
        id,
        type: textAt(resource, 'Type') ?? '',
        path: paths.get(id) ?? id,
        properties: objectAt(resource, 'Properties'),
      },
    ]),
  );

const readStack = async (folder: string, artifact: JsonObject): Promise<Stack> => {
  const template = await readObject(
    join(folder, textAt(objectAt(artifact, 'properties'), 'templateFile') ?? ''),
  );
  const metadataFile = textAt(artifact, 'additionalMetadataFile');
  const metadata =
    metadataFile === undefined
      ? objectAt(artifact, 'metadata')
      : await readObject(join(folder, metadataFile));
  const parameters = objectsIn(objectAt(template, 'Parameters'));
  return {
    resources: resourcesOf(template, pathsOf(metadata)),
    parameters: new Map(parameters.map(([name, parameter]) => [name, parameter.Default])),
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

/**
 * Reads what `cdk synth` wrote: manifest, template, asset manifest.
 * @param folder usually `cdk.out`
 * @throws Error when it does not hold exactly one stack with an HTTP API
 */
export const readCloudAssembly = async (folder: string): Promise<CloudAssembly> => {
  const manifest = await readObject(join(folder, 'manifest.json'));
  const stacks = await Promise.all(
    artifactsOfType(manifest, 'aws:cloudformation:stack').map((artifact) => readStack(folder, artifact)),
  );
  const [stack, ...others] = stacks.filter(({ resources }) =>
    [...resources.values()].some(({ type }) => type === 'AWS::ApiGatewayV2::Api'),
  );
  if (stack === undefined || others.length > 0) {
    throw new Error(
      `${folder} must hold exactly one stack with an HTTP API; it holds ${stack ? 'several' : 'none'}.`,
    );
  }
  const assets = await Promise.all(
    artifactsOfType(manifest, 'cdk:asset-manifest').map((artifact) =>
      readObject(join(folder, textAt(objectAt(artifact, 'properties'), 'file') ?? '')),
    ),
  );
  const folders = new Map(assets.flatMap((asset) => assetKeys(folder, asset)));
  return { ...stack, assetFolder: (s3Key) => folders.get(s3Key) };
};
