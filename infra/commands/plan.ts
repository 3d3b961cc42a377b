/** `ripen plan`: what publishing the folder would do, before it is done. */
import { Command } from 'commander';
import { planText } from '../../workflows/plan/plan-text.ts';
import { checkedDefinition } from './checked.ts';
import { jsonOption, workflowsOption } from './options.ts';
import { findVersion, planBack, planFor } from './planning.ts';
import { findTarget, onAws, type TargetOptions, targetOptions } from './target.ts';

interface Options extends TargetOptions {
  workflows: string;
  to?: string;
  json?: true;
}

export const planCommand = (): Command => {
  const command = new Command('plan')
    .description('show what publishing would do: to the leads that wait, to mails, points and cost; changes nothing')
    .addOption(workflowsOption())
    .option('--to <version>', 'plan going back to this version instead of publishing the folder')
    .addOption(jsonOption());
  for (const option of targetOptions()) command.addOption(option);
  return command.action(plan);
};

async function plan(options: Options): Promise<void> {
  const made = await (options.to === undefined ? ofFolder(options) : back(options, options.to));
  console.log(options.json ? JSON.stringify(made, undefined, 2) : planText(made));
  if (made.problems.some(({ severity }) => severity === 'error')) process.exitCode = 1;
}

async function ofFolder(options: Options) {
  const nothing = 'There is nothing to plan: the definition has errors.';
  const definition = await checkedDefinition(options.workflows, nothing, onAws(options));
  return planFor(definition, await findTarget(options));
}

async function back(options: Options, to: string) {
  const target = await findTarget(options);
  return planBack(await findVersion(to), target);
}
