/** Leads, handoffs and workflows as the API shows them (product.md, "Shapes"). */
import type { Manifest, Published, Rules } from '../definition/definition.ts';
import type { Workflow } from '../definition/workflow.ts';
import { emailLabels } from '../lead/email-labels.ts';
import { engagementAt } from '../lead/engagement.ts';
import type { Instant } from '../lead/event.ts';
import { fitOf } from '../lead/fit.ts';
import type { Enrolment, Lead } from '../lead/lead.ts';

/**
 * A lead in a list, scored under the version that scored it last: its own properties stand above its fields, whatever those
 * are called.
 */
export function leadView(lead: Lead, { hash: version, scoring }: Rules, at: Instant) {
  const { grade, value: fit } = fitOf(scoring, lead.fields);
  const engagement = engagementAt(scoring, lead.values, at).value;
  const { id, stage, language, createdAt } = lead;
  const own = { id, email: lead.email.asTyped, stage, grade, fit, engagement, version, createdAt };
  return { ...lead.fields, ...own, ...(language === undefined ? {} : { language }) };
}

/** One lead with all that the profile says of it, and where it stands in its workflows. */
export function profileView(lead: Lead, rules: Rules, at: Instant, enrolments: object[]) {
  const { emailStatus, suppressed, stopped, audience, stageSince, consents, source, conversions } = lead;
  const { restUntil, handoff, updatedAt, preferences } = lead;
  const given = { suppressed, stopped, audience, restUntil, handoff, preferences };
  return {
    ...leadView(lead, rules, at),
    ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
    emailStatus,
    emailLabels: emailLabels(lead.email, rules.settings, rules.scoring.lists),
    stageSince,
    updatedAt,
    conversions,
    consents,
    source,
    enrolments,
  };
}

/**
 * `title`: the step as the marketer calls it, under the definition that the enrolment is pinned to. `held`: since when its
 * mail would have been due, and what puts it off.
 */
export function enrolmentView(enrolment: Enrolment, workflow: Workflow | undefined) {
  const { id, workflow: name, status, step, dueAt, putOff, reason, startedAt, endedAt, definition } = enrolment;
  const title = step === null ? undefined : workflow?.steps[step]?.title;
  return {
    id,
    workflow: name,
    status,
    step,
    ...(title ? { title } : {}),
    ...(status === 'ended' ? {} : { dueAt, ...(putOff && { held: putOff }) }),
    ...(reason ? { reason } : {}),
    startedAt,
    ...(endedAt ? { endedAt } : {}),
    version: definition,
  };
}

/** What holds marketing mail, by hand or by the brake, which says why and since when; nothing where nothing does. */
export function pausedView({ paused: { all, reason, at, workflows } }: Published) {
  if (!all && workflows.length === 0) return {};
  const why = { ...(reason ? { reason } : {}), ...(at ? { at } : {}) };
  return { paused: { ...(all ? { all, ...why } : {}), workflows } };
}

/** A workflow of the definition in force and how many leads stand at each of its steps, by version. */
export function workflowView(
  workflow: Workflow,
  version: string,
  atSteps: Record<string, Record<string, number>>,
  machines: Manifest['machines'] = {},
) {
  const { name, about, enrol, goal, first, steps } = workflow;
  return {
    name,
    ...(about ? { about } : {}),
    version,
    enrol,
    ...(goal ? { goal } : {}),
    ...(machines[name] ? { machine: machines[name] } : {}),
    first,
    steps: Object.values(steps).map((step) => ({ ...step, leads: atSteps[version]?.[step.id] ?? 0 })),
    leads: Object.entries(atSteps).map(([of, counts]) => ({
      version: of,
      steps: counts,
      sum: Object.values(counts).reduce((sum, n) => sum + n, 0),
    })),
  };
}
