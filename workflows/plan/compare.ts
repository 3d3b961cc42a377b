/**
 * What publishing would do: a comparison of two definitions and of the leads that wait between them. Pure; `ripen plan`
 * shows it, and `ripen publish` does it.
 */
import type { Rules } from '../../functions/definition/definition.ts';
import type { Email } from '../../functions/definition/settings.ts';
import type { Workflow } from '../../functions/definition/workflow.ts';
import { type Destination, destinationOf, type Version } from '../../functions/lead/moving.ts';
import { type Cost, workflowCost } from '../compiler/cost.ts';
import { type Difference, differences } from './differences.ts';
import { movingProblems, type PlanProblem } from './moving-problems.ts';

export type Emails = Record<string, Record<string, Email>>;

export interface Side {
  rules: Pick<Rules, 'hash' | 'settings' | 'scoring' | 'forms' | 'workflows' | 'handoff'>;
  emails: Emails;
}

/** Leads that stand at a step of a version. */
export interface Standing {
  workflow: string;
  definition: string;
  step: string;
  leads: number;
}

export interface Published extends Version {
  workflows: Record<string, Workflow>;
}

export interface Comparing {
  /** What is in force; nothing before the first publication. */
  before?: Side | undefined;
  after: Side;
  standing: Standing[];
  /** Every version that leads stand in, and the one in force, by hash. */
  versions: Record<string, Published>;
  now: string;
}

export type Change = 'new' | 'changed' | 'removed' | 'same';

export interface LeadsPlan extends Standing {
  /** What the marketer calls the step. */
  title: string;
  /** Titles of waits before the step are part of it: a lead stands at what comes after its wait. */
  fate: Destination;
  /** The title of the step that they move to. */
  to?: string;
}

export interface WorkflowPlan {
  name: string;
  change: Change;
  leads: LeadsPlan[];
  /** Dollars for 1,000 leads, the way that costs most and the average of all. */
  cost: { before?: CostPair; after?: CostPair };
}
export interface CostPair {
  longest: number;
  average: number;
  mails: number;
}

export interface MailPlan {
  name: string;
  language: string;
  change: Change;
  /** What of it changed: subject, text, class, topic … */
  parts: string[];
}

export interface Plan {
  from: string | null;
  to: string;
  /** Nothing differs: publishing does nothing. */
  same: boolean;
  workflows: WorkflowPlan[];
  mails: MailPlan[];
  /** What changes in scoring: points, caps, thresholds, gates, stages. */
  points: Difference[];
  /** Other files whose content changes: settings, handoff, forms. */
  others: { file: string; differences: Difference[] }[];
  leads: { stay: number; move: number; end: number };
  problems: PlanProblem[];
}

/** The comparison. Problems of severity `error` stand in the way of publishing. */
export function compare({ before, after, standing, versions, now }: Comparing): Plan {
  const to: Version = versions[after.rules.hash] ?? { hash: after.rules.hash, at: now };
  const leads = standing.filter((one) => one.leads > 0).map((one) => leadsPlan(one, after, versions, to));
  const names = namesOf(before?.rules.workflows, after.rules.workflows, leads);
  const count = (kind: Destination['kind']) =>
    leads.filter(({ fate }) => fate.kind === kind).reduce((sum, one) => sum + one.leads, 0);
  return {
    from: before?.rules.hash ?? null,
    to: after.rules.hash,
    same: before?.rules.hash === after.rules.hash,
    workflows: names.map((name) => workflowPlan(name, before, after, leads)),
    mails: mailPlans(before?.emails ?? {}, after.emails),
    points: before ? differences(before.rules.scoring, after.rules.scoring) : [],
    others: before ? otherFiles(before.rules, after.rules) : [],
    leads: { stay: count('stays'), move: count('moves'), end: count('ends') },
    problems: movingProblems(after.rules.workflows, versions, to),
  };
}

const namesOf = (...sides: (Record<string, unknown> | LeadsPlan[] | undefined)[]): string[] =>
  [
    ...new Set(
      sides.flatMap((side) => (Array.isArray(side) ? side.map(({ workflow }) => workflow) : Object.keys(side ?? {}))),
    ),
  ].sort();

function leadsPlan(one: Standing, after: Side, versions: Comparing['versions'], to: Version): LeadsPlan {
  const from = versions[one.definition];
  const workflow = after.rules.workflows[one.workflow];
  const fate = from ? destinationOf(workflow, one.step, from, to) : ({ kind: 'stays' } as const);
  const title = titleOf(from?.workflows[one.workflow], one.step);
  return { ...one, title, fate, ...(fate.kind === 'moves' ? { to: titleOf(workflow, fate.step) } : {}) };
}

const titleOf = (workflow: Workflow | undefined, step: string): string => workflow?.steps[step]?.title ?? step;

function workflowPlan(name: string, before: Side | undefined, after: Side, leads: LeadsPlan[]): WorkflowPlan {
  const [old, made] = [before?.rules.workflows[name], after.rules.workflows[name]];
  return {
    name,
    change: changeOf(old, made),
    leads: leads.filter(({ workflow }) => workflow === name),
    cost: { ...(old ? { before: costOf(old) } : {}), ...(made ? { after: costOf(made) } : {}) },
  };
}

/** What `moved` says is about the change itself. */
const content = (workflow: Workflow | undefined): string | undefined => {
  if (!workflow) return undefined;
  const { moved: _, ...rest } = workflow;
  return JSON.stringify(rest);
};

function changeOf(before: Workflow | undefined, after: Workflow | undefined): Change {
  if (!before) return after ? 'new' : 'removed';
  if (!after) return 'removed';
  return content(before) === content(after) ? 'same' : 'changed';
}

function costOf(workflow: Workflow): CostPair {
  const { longest, average } = workflowCost(workflow);
  const cents = ({ total }: Cost) => Math.round(total * 100) / 100;
  return { longest: cents(longest), average: cents(average), mails: longest.mails };
}

const MAIL_PARTS = ['subject', 'preheader', 'class', 'topic', 'html', 'text'] as const;

/** Mails that differ; of one that is new or gone everything does. */
function mailPlans(before: Emails, after: Emails): MailPlan[] {
  const keys = (emails: Emails) =>
    Object.entries(emails).flatMap(([name, languages]) => Object.keys(languages).map((one) => `${name} ${one}`));
  return [...new Set([...keys(before), ...keys(after)])].sort().flatMap((key): MailPlan[] => {
    const [name = '', language = ''] = key.split(' ');
    const [old, made] = [before[name]?.[language], after[name]?.[language]];
    if (!old || !made) return [{ name, language, change: made ? 'new' : 'removed', parts: [] }];
    const parts = MAIL_PARTS.filter((part) => old[part] !== made[part]);
    return parts.length === 0 ? [] : [{ name, language, change: 'changed', parts }];
  });
}

function otherFiles(before: Side['rules'], after: Side['rules']): Plan['others'] {
  const forms = [...new Set([...Object.keys(before.forms), ...Object.keys(after.forms)])].sort();
  const files: [string, unknown, unknown][] = [
    ['settings.yaml', before.settings, after.settings],
    ['handoff.yaml', before.handoff, after.handoff],
    ...forms.map((name): [string, unknown, unknown] => [`forms/${name}.yaml`, before.forms[name], after.forms[name]]),
  ];
  return files
    .map(([file, old, made]) => ({ file, differences: differences(old, made) }))
    .filter((one) => one.differences.length > 0);
}
