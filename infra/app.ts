/**
 * The CDK app. Context values (`-c name=value`, or in `cdk.json`): `stack` (the stack's name), `senderDomain`,
 * `publicUrl`, `alarmEmail`, `jwtIssuer` and `jwtAudience`, and `workflows` (the folder to publish; `none`
 * synthesises without a definition, as the local run does, which publishes by itself).
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Tags } from 'aws-cdk-lib';
import type { Definition } from '../functions/definition/definition.ts';
import { bundleLambdas } from './bundle.ts';
import { compileFolder } from './definition-folder.ts';
import { Ripen } from './stack.ts';

const app = new App();
const context = (name: string): string | undefined => app.node.tryGetContext(name) || undefined;

const folder = context('workflows') ?? 'workflows';
const definition = folder === 'none' ? undefined : await compileFolder(folder, { deployed: true });
const work = mkdtempSync(join(tmpdir(), 'ripen-synth-'));
process.on('exit', () => rmSync(work, { recursive: true, force: true }));

const bundles = bundleLambdas(work);
if (definition) writeFileSync(join(work, 'publish', 'definition.json'), JSON.stringify(definition));

const stack = new Ripen(app, context('stack') ?? 'Ripen', {
  bundles,
  definition: definition?.hash,
  senderDomain: context('senderDomain') ?? senderDomainOf(definition) ?? 'mail.example.com',
  publicUrl: context('publicUrl'),
  alarmEmail: context('alarmEmail'),
  jwtIssuer: context('jwtIssuer'),
  jwtAudience: context('jwtAudience'),
});
Tags.of(stack).add('app', 'ripen');
app.synth();

function senderDomainOf(made: Definition | undefined): string | undefined {
  return made?.settings.from.address.split('@')[1];
}
