/** The synthesised assembly: one stack's template with its names resolved, and the folders of its assets. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { resolve } from './intrinsics.ts';
import type { Resource as Described } from './resource.ts';
import type { Place } from './resource-identity.ts';
import { meansNothingLocally, RUN_LOCALLY } from './resource-types.ts';
import { AnyObject, createScope, Template } from './template.ts';

export interface Resource extends Described {
  type: string;
  /** The physical name. */
  name: string;
  /** What `Ref` gives. */
  ref: string;
  /** What `Fn::GetAtt` gives, `Arn` among it where the type has one. */
  attributes: Readonly<Record<string, string>>;
  /** Every intrinsic in them is resolved. */
  properties: Record<string, unknown>;
}

export interface Assembly extends Place {
  /** The resources that the engine runs, in the order of the template. */
  resources: readonly Resource[];
  ofType(...types: string[]): Resource[];
  outputs: Readonly<Record<string, string>>;
  /** The folder or file of the asset with this S3 key. @throws Error when the assembly holds none. */
  asset(key: string): string;
}

const Artifact = z.looseObject({
  type: z.string(),
  environment: z.string().optional(),
  displayName: z.string().optional(),
  properties: z.looseObject({ templateFile: z.string().optional(), file: z.string().optional() }).optional(),
});
const Manifest = z.looseObject({ artifacts: z.record(z.string(), Artifact) });

const AssetManifest = z.looseObject({
  files: z
    .record(
      z.string(),
      z.looseObject({
        source: z.looseObject({ path: z.string().optional() }),
        destinations: z.record(z.string(), z.looseObject({ objectKey: z.string() })),
      }),
    )
    .optional(),
});

/** Where an assembly was synthesised for no account or region in particular. */
const DEFAULT_REGION = 'us-east-1';
const DEFAULT_ACCOUNT = '000000000000';

/**
 * Reads the assembly in `directory` (a `cdk.out`).
 * @throws Error naming what the engine does not know in it: a resource type, an intrinsic, a name.
 */
export function readAssembly(directory: string, baseUrl: string): Assembly {
  const read = <T>(file: string, schema: z.ZodType<T>): T => {
    const parsed = schema.safeParse(JSON.parse(readFileSync(join(directory, file), 'utf8')));
    if (parsed.success) return parsed.data;
    throw new Error(`${join(directory, file)} is no CDK assembly: ${z.prettifyError(parsed.error)}`);
  };
  const { artifacts } = read('manifest.json', Manifest);
  const { name: stackName, artifact } = theStackOf(artifacts, directory);
  const template = read(artifact.properties?.templateFile ?? `${stackName}.template.json`, Template);
  const place = { stackName, ...placeOf(artifact.environment), baseUrl };
  const assets = new Map<string, string>();
  for (const { type, properties } of Object.values(artifacts)) {
    if (type !== 'cdk:asset-manifest' || !properties?.file) continue;
    for (const { source, destinations } of Object.values(read(properties.file, AssetManifest).files ?? {})) {
      for (const { objectKey } of Object.values(destinations)) {
        if (source.path) assets.set(objectKey, join(directory, source.path));
      }
    }
  }
  const { resources, outputs } = resolveTemplate(template, place);
  return {
    ...place,
    resources,
    outputs,
    ofType: (...types) => resources.filter((resource) => types.includes(resource.type)),
    asset(key) {
      const path = assets.get(key);
      if (!path) throw new Error(`The assembly in ${directory} holds no asset ${key}.`);
      return path;
    },
  };
}

function theStackOf(artifacts: z.infer<typeof Manifest>['artifacts'], directory: string) {
  const stacks = Object.entries(artifacts).filter(([, artifact]) => artifact.type === 'aws:cloudformation:stack');
  const [stack] = stacks;
  if (!stack) throw new Error(`The assembly in ${directory} holds no stack.`);
  if (stacks.length > 1) {
    throw new Error(
      `The local engine runs one stack; the assembly in ${directory} holds ${stacks.map(([name]) => name).join(', ')}.`,
    );
  }
  return { name: stack[0], artifact: stack[1] };
}

/** From `aws://<account>/<region>`, where either may be `unknown-…`. */
function placeOf(environment = ''): { account: string; region: string } {
  const [, account = '', region = ''] = /^aws:\/\/([^/]*)\/(.*)$/.exec(environment) ?? [];
  return {
    account: /^\d{12}$/.test(account) ? account : DEFAULT_ACCOUNT,
    region: region === '' || region.startsWith('unknown') ? DEFAULT_REGION : region,
  };
}

function resolveTemplate(template: Template, place: Place): { resources: Resource[]; outputs: Record<string, string> } {
  const scope = createScope(template, place);
  // `HttpApi.url` is not `ApiEndpoint` but put together from the id of the API.
  const apiHost = new RegExp(`https://[a-z0-9]+\\.execute-api\\.${place.region}\\.amazonaws\\.com`, 'g');
  const resolved = (value: unknown, path: string): unknown => {
    const text = JSON.stringify(resolve(value, scope, path));
    return JSON.parse(text.includes('.execute-api.') ? text.replace(apiHost, place.baseUrl) : text);
  };
  const resources: Resource[] = [];
  for (const [logicalId, { Type: type, Condition: condition, Properties: properties = {} }] of Object.entries(
    template.Resources,
  )) {
    if (condition !== undefined && !scope.condition(condition)) continue;
    if (meansNothingLocally(type)) continue;
    if (!RUN_LOCALLY.has(type))
      throw new Error(`Resources.${logicalId}: the local engine does not know the resource type ${type}.`);
    const path = `Resources.${logicalId}.Properties`;
    resources.push({
      logicalId,
      type,
      ...scope.identity(logicalId),
      properties: AnyObject.parse(resolved(properties, path)),
    });
  }
  const outputs: Record<string, string> = {};
  for (const [name, { Value: value, Condition: condition }] of Object.entries(template.Outputs ?? {})) {
    if (condition !== undefined && !scope.condition(condition)) continue;
    outputs[name] = String(resolved(value, `Outputs.${name}`));
  }
  return { resources, outputs };
}
