/** `ripen pause` and `ripen resume`: hold and release the sends of one workflow or of all. */
import { Command } from 'commander';
import { z } from 'zod';
import { jsonOption } from './options.ts';
import { findTarget, type TargetOptions, targetOptions } from './target.ts';

interface Options extends TargetOptions {
  all?: true;
  json?: true;
}

export const pauseCommand = (): Command =>
  build('pause', 'hold the marketing mail of a workflow, or of all; leads wait where they are', 'is paused');
export const resumeCommand = (): Command =>
  build('resume', 'release what was paused; held leads go on at the step where they wait', 'goes on');

function build(kind: 'pause' | 'resume', description: string, done: string): Command {
  const command = new Command(kind)
    .description(description)
    .argument('[workflow]', 'the name of the workflow')
    .option('--all', 'every workflow')
    .addOption(jsonOption());
  for (const option of targetOptions()) command.addOption(option);
  return command.action(async (workflow: string | undefined, options: Options) => {
    if (Boolean(workflow) === Boolean(options.all)) throw new Error(`Say which workflow to ${kind}, or --all.`);
    const target = await findTarget(options);
    const what = workflow ? { workflow } : { all: true };
    const result = z.object({ resumed: z.number().optional() }).parse(await target.call('publish', { kind, ...what }));
    if (options.json) console.log(JSON.stringify({ ...what, ...result }));
    else console.log(`${workflow ?? 'All marketing mail'} ${done}.${released(result.resumed)}`);
  });
}

const released = (leads: number | undefined): string =>
  leads === undefined ? '' : ` ${leads} held ${leads === 1 ? 'lead was' : 'leads were'} released.`;
