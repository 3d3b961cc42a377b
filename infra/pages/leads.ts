/** The list of leads: a plain page over `/api`. */
import { html } from 'hono/html';
import { z } from 'zod';
import { STAGES } from '../../functions/definition/scoring.ts';
import type { CallApi } from './call-api.ts';
import { shell, timeTag } from './shell.ts';

type Html = ReturnType<typeof html>;

/** A lead as the API lists it. */
export const Lead = z.looseObject({
  id: z.string(),
  email: z.string(),
  name: z.string().optional(),
  stage: z.string(),
  grade: z.string(),
  fit: z.number(),
  engagement: z.number(),
  createdAt: z.string(),
});
type Lead = z.infer<typeof Lead>;
const Paused = z.object({
  all: z.literal(true).optional(),
  reason: z.string().optional(),
  at: z.string().optional(),
  workflows: z.array(z.string()),
});
type Paused = z.infer<typeof Paused>;
const Leads = z.object({ items: z.array(Lead), cursor: z.string().optional(), paused: Paused.optional() });

/** All leads, or those of one stage, a page at a time. */
export async function leadsPage(api: CallApi, query: URLSearchParams, zone: string): Promise<Response> {
  const stage = query.get('stage') ?? undefined;
  const asked = new URLSearchParams({
    limit: '50',
    ...(stage ? { stage } : {}),
    ...(query.get('cursor') ? { cursor: query.get('cursor') as string } : {}),
  });
  const { items, cursor, paused } = Leads.parse(await api(`/api/leads?${asked}`));
  const next = new URLSearchParams({ ...(stage ? { stage } : {}), ...(cursor ? { cursor } : {}) });
  return shell({
    title: 'Leads',
    styles: ['/web/leads.css'],
    body: html`<h1>Leads</h1>${paused ? banner(paused, zone) : ''}
<nav class="filter" aria-label="Stage">${stageLink(undefined, stage)}${STAGES.map((name) => stageLink(name, stage))}</nav>
<div class="card">${items.length === 0 ? html`<p>No leads here yet. <a href="/">Post a form</a> to make one.</p>` : leadTable(items, zone)}</div>
${cursor ? html`<p><a href="/leads?${next.toString()}">Older leads</a></p>` : ''}`,
  });
}

/** What holds marketing mail, and how it goes on. */
function banner({ all, reason, at, workflows }: Paused, zone: string): Html {
  const what = all ? 'All marketing mail is paused' : `Paused: ${workflows.join(', ')}`;
  const command = all ? 'npx ripen resume --all' : `npx ripen resume ${workflows[0] ?? ''}`;
  return html`<div class="card paused" role="status"><strong>${what}.</strong> ${reason ? html`The brake was pulled${at ? html` ${timeTag(at, zone)}` : ''}: ${reason}. ` : ''}What was asked for still goes out. Release it with <code>${command}</code>.</div>`;
}

const stageLink = (name: string | undefined, current: string | undefined): Html =>
  name === current
    ? html`<a href="/leads${name ? `?stage=${name}` : ''}" aria-current="page">${name ?? 'all'}</a> `
    : html`<a href="/leads${name ? `?stage=${name}` : ''}">${name ?? 'all'}</a> `;

function leadTable(leads: Lead[], zone: string): Html {
  return html`<table class="leads"><thead><tr><th>Lead</th><th>Stage</th><th>Grade</th><th class="number">Fit</th><th class="number">Engagement</th><th>Since</th></tr></thead>
<tbody>${leads.map(
    (
      lead,
    ) => html`<tr><td><a href="/leads/${lead.id}">${lead.name ?? lead.email}</a>${lead.name ? html`<br><span class="soft">${lead.email}</span>` : ''}</td>
<td data-label="Stage"><span class="pill">${lead.stage}</span></td><td data-label="Grade">${lead.grade}</td><td class="number" data-label="Fit">${lead.fit}</td><td class="number" data-label="Engagement">${lead.engagement}</td><td data-label="Since">${timeTag(lead.createdAt, zone)}</td></tr>`,
  )}</tbody></table>`;
}
