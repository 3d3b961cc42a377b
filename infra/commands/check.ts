/** `ripen check`: reads the definition, says what is wrong and what each workflow costs. */
import { Command, Option } from 'commander';
import { type WorkflowCost, workflowCost } from '../../workflows/compiler/cost.ts';
import { COLOURED, formatProblems, githubAnnotations, PLAIN } from '../../workflows/compiler/format.ts';
import { checkFolder } from '../definition-folder.ts';
import { workflowsOption } from './options.ts';

const FORMATS = ['text', 'json', 'github'] as const;
type Format = (typeof FORMATS)[number];

interface Options {
  workflows: string;
  json?: true;
  github?: true;
  format?: Format;
  deployed?: true;
}

export const checkCommand = (): Command =>
  new Command('check')
    .description(
      'check every definition file and every name that one file uses of another; exits with 1 when there is an error',
    )
    .addOption(workflowsOption())
    .addOption(
      new Option('--format <format>', 'how to print: text, json, or github (annotations of a pull request)').choices(
        FORMATS,
      ),
    )
    .option('--deployed', 'check as for a deployment: what the law asks for must be there')
    .option('--json', 'print the problems and costs as JSON')
    .addOption(new Option('--github', 'print the problems as annotations of a GitHub pull request').conflicts('json'))
    .action(check);

async function check(options: Options): Promise<void> {
  const { definition, problems, files } = await checkFolder(options.workflows, { deployed: options.deployed ?? false });
  const costs = Object.values(definition?.workflows ?? {}).map(workflowCost);
  const prefix = `${options.workflows}/`;
  const text = () => report(definition?.hash, formatProblems(problems, files, { paint: paintFor(), prefix }), costs);
  const format = formatOf(options);
  if (format === 'json') console.log(JSON.stringify({ hash: definition?.hash, problems, costs }, undefined, 2));
  else if (format === 'github') console.log(githubAnnotations(problems, prefix));
  else console.log(text());
  // In a workflow of GitHub the annotations come beside the text for people.
  if (format === undefined && process.env.GITHUB_ACTIONS === 'true') console.log(githubAnnotations(problems, prefix));
  process.exitCode = definition ? 0 : 1;
}

/** Undefined where nobody chose. */
const formatOf = ({ format, json, github }: Options): Format | undefined =>
  format ?? (json ? 'json' : github ? 'github' : undefined);

function report(hash: string | undefined, problems: string, costs: WorkflowCost[]): string {
  if (!hash) return problems;
  return `${problems}\n\nThe definition checks; its version is ${hash.slice(0, 12)}.\n\n${costTable(costs)}`;
}

/** What 1,000 leads cost in each workflow: the way that costs most, at list prices without a free tier. */
function costTable(costs: WorkflowCost[]): string {
  const head = ['per 1,000 leads, longest way', 'mails', 'transitions', 'SES', 'all else', 'total'];
  const rows = costs.map(({ workflow, longest }) => [
    workflow,
    String(longest.mails),
    String(longest.transitions),
    dollars(longest.dollars.ses),
    dollars(longest.total - longest.dollars.ses),
    dollars(longest.total),
  ]);
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => (row[column] as string).length)));
  const line = (row: string[]) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] as number) : cell.padStart(widths[column] as number),
      )
      .join('  ');
  return [head, ...rows].map(line).join('\n');
}

const dollars = (amount: number): string => `$${amount.toFixed(2)}`;

/** Colours where a person watches (https://no-color.org). */
const paintFor = () => (process.stdout.isTTY && !process.env.NO_COLOR ? COLOURED : PLAIN);
