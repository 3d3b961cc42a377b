/** Small assemblies for the engine's tests, as `cdk synth` would leave them. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

export interface Template {
  Resources: Record<string, { Type: string; Properties?: Record<string, unknown>; Condition?: string }>;
  Outputs?: Record<string, unknown>;
  Conditions?: Record<string, unknown>;
  Mappings?: Record<string, unknown>;
  Parameters?: Record<string, unknown>;
}

/** A folder that is gone when the test has ended. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'engine-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
  return folder;
}

/** Writes the assembly of a stack named Test below `folder`; `bundles` are the sources of `index.mjs` by asset name. */
export function writeAssembly(folder: string, template: Template, bundles: Record<string, string> = {}): string {
  const out = join(folder, 'cdk.out');
  const json = (file: string, value: unknown): void => writeFileSync(join(out, file), JSON.stringify(value));
  mkdirSync(out, { recursive: true });
  const files: Record<string, unknown> = {};
  for (const [name, source] of Object.entries(bundles)) {
    mkdirSync(join(out, `asset.${name}`), { recursive: true });
    writeFileSync(join(out, `asset.${name}`, 'index.mjs'), source);
    files[name] = { source: { path: `asset.${name}` }, destinations: { here: { objectKey: `${name}.zip` } } };
  }
  json('Test.assets.json', { version: '1', files });
  json('Test.template.json', template);
  json('manifest.json', {
    version: '1',
    artifacts: {
      'Test.assets': { type: 'cdk:asset-manifest', properties: { file: 'Test.assets.json' } },
      Test: {
        type: 'aws:cloudformation:stack',
        environment: 'aws://unknown-account/unknown-region',
        properties: { templateFile: 'Test.template.json' },
      },
    },
  });
  return out;
}

/** A function whose bundle is the asset of the same name. */
export const lambda = (name: string, properties: Record<string, unknown> = {}): Template['Resources'][string] => ({
  Type: 'AWS::Lambda::Function',
  Properties: {
    FunctionName: name,
    Code: { S3Bucket: 'assets', S3Key: `${name}.zip` },
    Handler: 'index.handler',
    Runtime: 'nodejs24.x',
    ...properties,
  },
});

/** An HTTP API with these routes, by route key the name of the function. */
export function httpApi(routes: Record<string, string>): Template['Resources'] {
  const resources: Template['Resources'] = {
    Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { Name: 'Test', ProtocolType: 'HTTP' } },
    Stage: {
      Type: 'AWS::ApiGatewayV2::Stage',
      Properties: { ApiId: { Ref: 'Api' }, StageName: '$default', AutoDeploy: true },
    },
  };
  for (const [i, [key, function_]] of Object.entries(routes).entries()) {
    const uri = { 'Fn::Sub': `arn:aws:lambda:\${AWS::Region}:\${AWS::AccountId}:function:${function_}` };
    resources[`Integration${i}`] = {
      Type: 'AWS::ApiGatewayV2::Integration',
      Properties: {
        ApiId: { Ref: 'Api' },
        IntegrationType: 'AWS_PROXY',
        IntegrationUri: uri,
        PayloadFormatVersion: '2.0',
      },
    };
    resources[`Route${i}`] = {
      Type: 'AWS::ApiGatewayV2::Route',
      Properties: {
        ApiId: { Ref: 'Api' },
        RouteKey: key,
        Target: { 'Fn::Join': ['/', ['integrations', { Ref: `Integration${i}` }]] },
      },
    };
  }
  return resources;
}
