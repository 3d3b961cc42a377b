/** `ripen publish`: the definition in the folder becomes the one in force, here or on AWS, without a deployment. */
import { userInfo } from 'node:os';
import { Command, Option } from 'commander';
import type { Plan } from '../../workflows/plan/compare.ts';
import { leadsLine, planText, short } from '../../workflows/plan/plan-text.ts';
import { checkedDefinition } from './checked.ts';
import { confirm, isWatched } from './confirm.ts';
import { fixMail } from './fix.ts';
import { jsonOption, workflowsOption } from './options.ts';
import { findVersion, planBack, planFor } from './planning.ts';
import { type PublishResult, putInForce, store } from './put-in-force.ts';
import { findTarget, onAws, type TargetOptions, targetOptions } from './target.ts';

export interface PublishOptions extends TargetOptions {
  workflows: string;
  to?: string;
  fix?: string;
  expect?: string;
  by: string;
  yes?: true;
  json?: true;
}

export const publishCommand = (): Command => {
  const command = new Command('publish')
    .description(
      'put the definition in force; leads in the middle of a workflow stay on the version they started with, unless `moved:` says where they go',
    )
    .addOption(workflowsOption())
    .addOption(new Option('--to <version>', 'go back to a version that was published before').conflicts('fix'))
    .option('--fix <mail>', 'replace a mistaken mail (emails/NAME) in every version that is running; nothing else')
    .option('--expect <version>', 'publish only if this version is in force now, as the plan said')
    .addOption(new Option('--by <name>', 'who publishes, for the list of versions').default(userInfo().username))
    .option('--yes', 'do not ask before leads are moved or ended')
    .addOption(jsonOption());
  for (const option of targetOptions()) command.addOption(option);
  return command.action(publish);
};

async function publish(options: PublishOptions): Promise<void> {
  if (options.fix !== undefined) return fixMail(options.fix, options);
  const definition =
    options.to === undefined ? await checkedDefinition(options.workflows, ERRORS, onAws(options)) : undefined;
  const target = await findTarget(options);
  const plan = await (definition ? planFor(definition, target) : planBack(await findVersion(options.to ?? ''), target));
  await allow(plan, options);
  if (definition) await store(definition);
  const result = await putInForce(target, plan.to, {
    by: options.by,
    ...(plan.from === null ? {} : { expected: plan.from }),
  });
  if (options.json) console.log(JSON.stringify(result));
  else console.log(`Version ${short(result.hash)} is in force (publication ${result.publication}).${told(result)}`);
}

const ERRORS = 'Nothing was published: the definition has errors.';

const told = ({ moved, ended }: PublishResult): string =>
  moved + ended === 0 ? '' : ` ${moved} moved, ${ended} ended.`;

/** @throws Error when the plan may not be carried out, or the person says no. */
async function allow(plan: Plan, { expect, yes, json }: PublishOptions): Promise<void> {
  if (expect !== undefined && !plan.from?.startsWith(expect)) {
    throw new Error(`Version ${plan.from ? short(plan.from) : 'none'} is in force, not ${expect}: plan again.`);
  }
  const errors = plan.problems.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw new Error(`Nothing was published.\n${planText({ ...plan, workflows: [] })}`);
  const touched = plan.leads.move + plan.leads.end;
  if (touched === 0 || yes || json || !isWatched()) return;
  console.error(planText(plan));
  if (!(await confirm(`${leadsLine(plan)} Publish?`))) throw new Error('Nothing was published.');
}
