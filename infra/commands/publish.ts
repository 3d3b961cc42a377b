/** `ripen publish`: the definition in the folder becomes the one in force, here or on AWS, without a deployment. */
import { Command } from 'commander';
import { z } from 'zod';
import type { Definition } from '../../functions/definition/definition.ts';
import { formatProblems } from '../../workflows/compiler/format.ts';
import { checkFolder } from '../definition-folder.ts';
import { jsonOption, workflowsOption } from './options.ts';
import { findTarget, type Target, type TargetOptions, targetOptions } from './target.ts';

interface Options extends TargetOptions {
  workflows: string;
  json?: true;
}

export const publishCommand = (): Command => {
  const command = new Command('publish')
    .description('put the definition in force; leads in the middle of a workflow stay on the version they started with')
    .addOption(workflowsOption())
    .addOption(jsonOption());
  for (const option of targetOptions()) command.addOption(option);
  return command.action(publish);
};

const Result = z.object({ hash: z.string(), publication: z.number() });
export type PublishResult = z.infer<typeof Result>;

async function publish(options: Options): Promise<void> {
  const { definition, problems, files } = await checkFolder(options.workflows);
  if (problems.length > 0) console.error(formatProblems(problems, files));
  if (!definition) throw new Error('Nothing was published: the definition has errors.');
  const result = await publishTo(await findTarget(options), definition);
  if (options.json) console.log(JSON.stringify(result));
  else console.log(`Version ${result.hash.slice(0, 12)} is in force (publication ${result.publication}).`);
}

/**
 * Stores a definition beside the ones before and lets the system's publisher put it in force.
 * Killed at any point, either the old or the new version is in force.
 */
export async function publishTo(target: Target, definition: Definition): Promise<PublishResult> {
  const { storeDefinition } = await import('../../functions/adapters/definitions.ts');
  await storeDefinition(definition);
  return Result.parse(await target.call('publish', { kind: 'publish', hash: definition.hash }));
}
