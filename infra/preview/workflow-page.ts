/** One workflow as a picture, with the leads that stand at its steps. */
import { html, raw } from 'hono/html';
import * as z from 'zod';
import type { Step, Workflow } from '../../functions/definition/workflow.ts';
import { diagramOf } from '../../functions/http/diagram.ts';
import { pictureOf } from './picture.ts';
import { type Markup, ROOT } from './shell.ts';
import type { Shown } from './state.ts';

export interface LeadsAtSteps {
  /** By the id of the step, over all versions that run. */
  steps: Record<string, number>;
  /** How many stand at steps that this version of the file does not have. */
  elsewhere: number;
}

export function workflowBody(definition: Shown, workflow: Workflow, leads: LeadsAtSteps | undefined): Markup {
  const { name } = workflow;
  return html`<h1>${name}</h1>
<p class="soft" data-leads>${leadsText(leads)}</p>
<div class="picture scroll" tabindex="0" role="region" aria-label="The picture of ${name}" data-live="${ROOT}/workflows/${name}/live">${raw(
    pictureFor(definition, workflow, { leads, linked: true }),
  )}</div>
<p><a href="${ROOT}/workflows/${name}.svg" download>The picture as SVG</a> · <a href="${ROOT}/workflows/${name}.mmd" download>the same as Mermaid</a></p>
<details><summary>Mermaid</summary><pre tabindex="0">${diagramOf(workflow)}</pre></details>`;
}

export function leadsText(leads: LeadsAtSteps | undefined): string {
  if (!leads) return 'No running system is behind this picture: it shows no leads.';
  const sum = Object.values(leads.steps).reduce((all, count) => all + count, 0);
  const some = `${sum} ${sum === 1 ? 'lead stands' : 'leads stand'} at these steps.`;
  return leads.elsewhere === 0 ? some : `${some} ${leads.elsewhere} more at steps that only older versions have.`;
}

/** `linked`: the boxes of mails lead to their pages, which a file elsewhere could not. */
export function pictureFor(
  { emails, settings }: Pick<Shown, 'emails' | 'settings'>,
  workflow: Workflow,
  { leads, linked = false }: { leads?: LeadsAtSteps | undefined; linked?: boolean } = {},
): string {
  const [first = 'en'] = settings.languages;
  const mailOf = (step: Step) => (step.kind === 'send' ? emails[step.email]?.[first] : undefined);
  const linkOf = (step: Step) => {
    if (step.kind === 'enrol') return `${ROOT}/workflows/${step.workflow}`;
    return step.kind === 'send' && mailOf(step) ? `${ROOT}/emails/${step.email}/${first}` : undefined;
  };
  return pictureOf(workflow, {
    ...(leads ? { leads: leads.steps } : {}),
    note: (step) => mailOf(step)?.subject,
    ...(linked ? { link: linkOf } : {}),
  });
}

const Counted = z.object({ leads: z.array(z.object({ steps: z.record(z.string(), z.number()) })) });

/** How long a page waits for the running system. */
const PATIENCE_MS = 1500;

/** What the running system says; undefined when there is none, or it does not know the workflow yet. */
export async function leadsAt(
  system: string | undefined,
  { name, steps }: Workflow,
): Promise<LeadsAtSteps | undefined> {
  if (system === undefined) return undefined;
  const asked = { headers: { accept: 'application/json' }, signal: AbortSignal.timeout(PATIENCE_MS) };
  const answer = await fetch(`${system}/api/workflows/${name}`, asked).catch(() => undefined);
  if (!answer?.ok) return undefined;
  const read = Counted.safeParse(await answer.json());
  if (!read.success) return undefined;
  const counts: LeadsAtSteps = { steps: {}, elsewhere: 0 };
  for (const [step, count] of read.data.leads.flatMap((version) => Object.entries(version.steps))) {
    if (Object.hasOwn(steps, step)) counts.steps[step] = (counts.steps[step] ?? 0) + count;
    else counts.elsewhere += count;
  }
  return counts;
}
