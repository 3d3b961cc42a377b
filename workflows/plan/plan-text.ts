/** A plan in words, for a terminal. */

import type { CostPair, LeadsPlan, MailPlan, Plan, WorkflowPlan } from './compare.ts';
import type { Difference } from './differences.ts';

export const short = (hash: string): string => hash.slice(0, 12);

/** The whole plan, for people. */
export function planText(plan: Plan): string {
  if (plan.same && plan.leads.move + plan.leads.end === 0) {
    return [`Nothing to publish: version ${short(plan.to)} is in force.`, ...problemLines(plan)].join('\n');
  }
  const head = plan.from ? `${short(plan.from)} → ${short(plan.to)}` : `${short(plan.to)}, the first version`;
  const sections = [
    [`Publishing ${head}`],
    ...plan.workflows.map(workflowLines),
    section('Mails', plan.mails.map(mailLine)),
    section('Points and stages', plan.points.map(differenceLine)),
    ...plan.others.map(({ file, differences }) => section(file, differences.map(differenceLine))),
    problemLines(plan),
    [leadsLine(plan)],
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

const section = (title: string, lines: string[]): string[] =>
  lines.length === 0 ? [] : [title, ...lines.map((line) => `  ${line}`)];

const problemLines = ({ problems }: Plan): string[] =>
  problems.map(
    ({ severity, workflow, message, nearest }) =>
      `${severity} in ${workflow}: ${message}${nearest === undefined ? '' : ` Did you mean \`${nearest}\`?`}`,
  );

/** "12 leads stay on their version, 3 are moved, 1 is ended." */
export function leadsLine({ leads: { stay, move, end } }: Plan): string {
  if (stay + move + end === 0) return 'No lead waits in a workflow.';
  const parts = [
    [stay, stay === 1 ? 'stays on its version' : 'stay on their version'],
    [move, move === 1 ? 'is moved' : 'are moved'],
    [end, end === 1 ? 'is ended' : 'are ended'],
  ] as const;
  const told = parts.filter(([leads]) => leads > 0);
  return `${told.map(([leads, what], i) => `${i === 0 ? counted(leads) : leads} ${what}`).join(', ')}.`;
}

const counted = (leads: number): string => `${leads} lead${leads === 1 ? '' : 's'}`;

const CHANGES = { new: 'new', changed: 'changed', removed: 'removed: nobody enters it any more', same: 'unchanged' };

function workflowLines({ name, change, leads, cost }: WorkflowPlan): string[] {
  if (change === 'same' && leads.length === 0) return [];
  const lines = leads.map(leadLine);
  return section(`${name} (${CHANGES[change]})`, [...lines, ...costLine(cost)]);
}

function leadLine({ definition, title, leads, fate, to }: LeadsPlan): string {
  const where = `${counted(leads)} at "${title}" in ${short(definition)}`;
  if (fate.kind === 'ends') return `${where}: ended`;
  return fate.kind === 'moves'
    ? `${where}: moved to "${to}"`
    : `${where}: ${leads === 1 ? 'stays on its version' : 'stay on their version'}`;
}

function costLine({ before, after }: WorkflowPlan['cost']): string[] {
  if (!after) return [];
  const money = ({ longest, average, mails }: CostPair) =>
    `$${longest.toFixed(2)} (average $${average.toFixed(2)}, ${mails} mail${mails === 1 ? '' : 's'})`;
  const now = money(after);
  const was = before && money(before);
  return [`cost per 1,000 leads: ${was && was !== now ? `${was} → ${now}` : now}`];
}

function mailLine({ name, language, change, parts }: MailPlan): string {
  const what = parts.includes('html') && parts.includes('text') ? ['text', ...parts.slice(0, -2)] : parts;
  return `${name}.${language} ${change}${what.length > 0 ? `: ${what.join(', ')}` : ''}`;
}

function differenceLine({ path, before, after }: Difference): string {
  if (before === undefined) return `${path}: new, ${shown(after)}`;
  if (after === undefined) return `${path}: removed, was ${shown(before)}`;
  return `${path}: ${shown(before)} → ${shown(after)}`;
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? '';
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}
