/** Names that are made and never used: legal, and mostly a slip. */
import type { Condition } from '../../functions/definition/condition.ts';
import type { Definition } from '../../functions/definition/definition.ts';
import { CONVERSIONS, type Form } from '../../functions/definition/form.ts';
import type { Step, Workflow } from '../../functions/definition/workflow.ts';
import { whereHolds } from '../../functions/lead/condition.ts';
import { dataOf } from '../../functions/lead/form-data.ts';
import { bareSource, type Source, type Spot, warn } from './source.ts';

type Content = Omit<Definition, 'hash' | 'machines'>;

/** The files that names are made in. */
export interface Sources {
  settings: Source;
  scoring: Source;
  forms: ReadonlyMap<string, Source>;
  workflows: ReadonlyMap<string, Source>;
}

/** Warns of forms that lead nowhere, workflows that nobody enters, and fields, lists, groups and webhooks without a use. */
export function checkUnusedNames(content: Content, sources: Sources): void {
  const conditions = conditionsOf(content);
  const scoring = (...path: string[]): Spot => ({ source: sources.scoring, path });
  const unused = (
    names: Iterable<string>,
    used: Set<string>,
    at: (name: string) => Spot,
    say: (name: string) => string,
  ) => {
    for (const name of names) if (!used.has(name)) warn(at(name), say(name), { key: true });
  };
  const { lists, engagement, fields } = content.scoring;
  const domains = leaves(conditions).flatMap((leaf) => (leaf.kind === 'emailDomain' ? leaf.lists : []));
  unused(
    Object.keys(lists),
    new Set(domains),
    (name) => scoring('lists', name),
    (name) => `No condition reads the list \`${name}\`.`,
  );
  const groups = Object.values(engagement.rules).flatMap(({ group = [] }) => group);
  unused(
    Object.keys(engagement.groups),
    new Set(groups),
    (name) => scoring('engagement', 'groups', name),
    (name) => `No rule is in the group \`${name}\`.`,
  );
  // Without a form, leads come with what a program knows of them.
  const asked = Object.keys(content.forms).length > 0 ? Object.keys(fields) : [];
  const atCapture = asked.filter((name) => fields[name]?.known === 'at-capture');
  unused(
    atCapture,
    usedFields(content, conditions),
    (name) => scoring('fields', name),
    (name) => `Nothing asks for or reads the field \`${name}\`.`,
  );
  unused(
    Object.keys(content.settings.webhooks),
    usedWebhooks(content),
    (name) => ({ source: sources.settings, path: ['webhooks', name] }),
    (name) => `Nothing calls the webhook \`${name}\`.`,
  );
  const top =
    (map: ReadonlyMap<string, Source>, key: string) =>
    (name: string): Spot => ({ source: map.get(name) ?? bareSource(name), path: [key] });
  const entered = Object.values(content.workflows).filter(({ enrol }) => enrol.on !== 'call');
  unused(
    Object.keys(content.workflows),
    new Set([...entered.map(({ name }) => name), ...calledWorkflows(content)]),
    top(sources.workflows, 'workflow'),
    (name) => `Nothing enrols into \`${name}\`: it has no \`enrol.on\`, and no step or outcome names it.`,
  );
  const forms = Object.values(content.forms).filter((form) => leadsOn(form, content));
  unused(
    Object.keys(content.forms),
    new Set(forms.map(({ name }) => name)),
    top(sources.forms, 'form'),
    (name) =>
      `Nothing follows on the form \`${name}\`: no mail answers it, no workflow begins with it, and it asks for no sales.`,
  );
}

const stepsOf = ({ workflows }: Content): Step[] =>
  Object.values(workflows).flatMap(({ steps }) => Object.values(steps));

function leadsOn(form: Form, { scoring, workflows }: Content): boolean {
  const events = ['form.submitted', CONVERSIONS[form.conversion]];
  if (form.deliver !== undefined || form.audience !== 'sales') return true;
  if (scoring.handRaise.on.some((event) => events.includes(event))) return true;
  const begins = ({ enrol }: Workflow) =>
    enrol.on === 'event' && events.includes(enrol.event) && whereHolds(enrol.where, dataOf(form));
  return Object.values(workflows).some(begins);
}

const calledWorkflows = (content: Content): string[] => [
  ...stepsOf(content).flatMap((step) => (step.kind === 'enrol' ? [step.workflow] : [])),
  ...Object.values(content.handoff.outcomes).flatMap(({ enrol = [] }) => enrol),
];

const usedWebhooks = (content: Content): Set<string> =>
  new Set([
    ...stepsOf(content).flatMap((step) => (step.kind === 'webhook' ? [step.webhook] : [])),
    ...content.handoff.notify.flatMap((way) => (way.channel === 'webhook' ? [way.webhook] : [])),
  ]);

function usedFields(content: Content, conditions: Condition[]): Set<string> {
  const { scoring, forms, emails } = content;
  const texts = Object.values(emails).flatMap((languages) =>
    Object.values(languages).map(({ subject, html, text }) => `${subject} ${html} ${text}`),
  );
  const inMails = texts.flatMap((text) => [...text.matchAll(/\blead\.(\w+)/g)].map(([, name = '']) => name));
  const inSteps = stepsOf(content).flatMap((step) => {
    if (step.kind === 'set') return Object.keys(step.fields);
    return step.kind === 'waitUntil' && 'field' in step.until ? [step.until.field] : [];
  });
  return new Set([
    ...Object.values(scoring.fit.rules).map(({ field }) => field),
    ...Object.values(forms).flatMap((form) => [
      ...Object.keys(form.fields),
      ...(form.asset?.problem ? ['problem'] : []),
    ]),
    ...leaves(conditions).flatMap((leaf) => (leaf.kind === 'field' ? [leaf.field] : [])),
    ...inMails,
    ...inSteps,
  ]);
}

/** Every condition of the definition that reads a lead. */
function conditionsOf({ scoring, handoff, workflows }: Content): Condition[] {
  const ofWorkflows = Object.values(workflows).flatMap(({ goal = [], exits = [], steps }) => [
    goal,
    exits.flatMap((exit) => ('when' in exit ? [exit.when] : [])),
    Object.values(steps).flatMap((step) =>
      step.kind === 'choose' ? step.branches.flatMap(({ when = [] }) => when) : [],
    ),
  ]);
  const unless = scoring.handRaise.unless ?? [];
  const ofScoring = [Object.values(scoring.gates), scoring.stages.map(({ when }) => when), unless];
  const ofHandoff = [handoff.when, handoff.assign.flatMap(({ where = [] }) => where)];
  return [...ofWorkflows, ...ofScoring, ...ofHandoff].flat(3);
}

type Leaf = Exclude<Condition, { kind: 'any' | 'all' | 'not' }>;

const leaves = (conditions: readonly Condition[]): Leaf[] =>
  conditions.flatMap((condition): Leaf[] => {
    if (condition.kind === 'not') return leaves([condition.of]);
    return 'of' in condition ? leaves(condition.of) : [condition];
  });
