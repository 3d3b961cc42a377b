/** `ripen check`: reads the definition, says what is wrong and what each workflow costs. */
import { Command, Option } from 'commander';
import { costOf } from '../../workflows/compiler/cost.ts';
import { formatGithub, formatProblems } from '../../workflows/compiler/format.ts';
import { checkFolder } from '../definition-folder.ts';
import { workflowsOption } from './options.ts';

interface Options {
  workflows: string;
  json?: true;
  github?: true;
}

export const checkCommand = (): Command =>
  new Command('check')
    .description(
      'check every definition file and every name that one file uses of another; exits with 1 when there is an error',
    )
    .addOption(workflowsOption())
    .option('--json', 'print the problems and costs as JSON')
    .addOption(new Option('--github', 'print the problems as annotations of a GitHub pull request').conflicts('json'))
    .action(check);

async function check(options: Options): Promise<void> {
  const { definition, problems, files } = await checkFolder(options.workflows);
  const errors = problems.filter((problem) => problem.severity === 'error').length;
  const costs = definition ? Object.values(definition.workflows).map((workflow) => costOf(workflow)) : [];
  if (options.json) console.log(JSON.stringify({ hash: definition?.hash, problems, costs }, undefined, 2));
  else if (options.github) console.log(formatGithub(problems, options.workflows));
  else
    console.log(
      [formatProblems(problems, files), summary(definition?.hash, errors, problems.length - errors)]
        .filter(Boolean)
        .join('\n'),
    );
  process.exitCode = errors > 0 ? 1 : 0;
}

function summary(hash: string | undefined, errors: number, warnings: number): string {
  const count = (n: number, what: string) => `${n} ${what}${n === 1 ? '' : 's'}`;
  const found = `${count(errors, 'error')}, ${count(warnings, 'warning')}`;
  return hash ? `${found}. The definition checks; its version is ${hash.slice(0, 12)}.` : `${found}.`;
}
