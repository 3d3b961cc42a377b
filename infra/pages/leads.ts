/** The list of leads, and one lead with everything that is known of it: plain pages over `/api`. */
import { html } from 'hono/html';
import { z } from 'zod';
import { STAGES } from '../../functions/definition/scoring.ts';
import { shell, timeTag } from './shell.ts';

type Html = ReturnType<typeof html>;

/** Calls the running system's own API. @throws Error when it answers with one. */
export type CallApi = (path: string) => Promise<unknown>;

const Lead = z.looseObject({
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
    body: html`<h1>Leads</h1>${paused ? banner(paused, zone) : ''}
<nav class="filter" aria-label="Stage">${stageLink(undefined, stage)}${STAGES.map((name) => stageLink(name, stage))}</nav>
<div class="card scroll">${items.length === 0 ? html`<p>No leads here yet. <a href="/">Post a form</a> to make one.</p>` : leadTable(items, zone)}</div>
${cursor ? html`<p><a href="/leads?${next.toString()}">Older leads</a></p>` : ''}`,
  });
}

/** What holds marketing mail, and how it goes on. */
function banner({ all, reason, at, workflows }: Paused, zone: string): Html {
  const what = all ? 'All marketing mail is paused' : `Paused: ${workflows.join(', ')}`;
  const command = all ? 'npx ripen resume --all' : `npx ripen resume ${workflows[0] ?? ''}`;
  return html`<div class="card paused" role="status"><strong>${what}.</strong> ${reason ? html`The brake was pulled${at ? html` ${timeTag(at, zone)}` : ''}: ${reason}. ` : ''}What was asked for still goes out. <code>${command}</code> goes on.</div>`;
}

const stageLink = (name: string | undefined, current: string | undefined): Html =>
  name === current
    ? html`<a href="/leads${name ? `?stage=${name}` : ''}" aria-current="page">${name ?? 'all'}</a> `
    : html`<a href="/leads${name ? `?stage=${name}` : ''}">${name ?? 'all'}</a> `;

function leadTable(leads: Lead[], zone: string): Html {
  return html`<table><thead><tr><th>Lead</th><th>Stage</th><th>Grade</th><th class="number">Fit</th><th class="number">Engagement</th><th>Since</th></tr></thead>
<tbody>${leads.map(
    (
      lead,
    ) => html`<tr><td><a href="/leads/${lead.id}">${lead.name ?? lead.email}</a>${lead.name ? html`<br><span class="soft">${lead.email}</span>` : ''}</td>
<td><span class="pill">${lead.stage}</span></td><td>${lead.grade}</td><td class="number">${lead.fit}</td><td class="number">${lead.engagement}</td><td>${timeTag(lead.createdAt, zone)}</td></tr>`,
  )}</tbody></table>`;
}

const Contribution = z.looseObject({
  rule: z.string(),
  points: z.number(),
  full: z.number().optional(),
  age: z.string().optional(),
  lost: z.number().optional(),
});
const Part = z.object({ value: z.number(), contributions: z.array(Contribution) });
const Score = z.looseObject({
  stage: z.string(),
  grade: z.string(),
  fit: Part,
  engagement: Part,
  gates: z.array(z.looseObject({ name: z.string(), open: z.boolean(), why: z.string().optional() })),
  next: z.looseObject({ stage: z.string(), missing: z.array(z.string()) }).optional(),
});
type Score = z.infer<typeof Score>;
const Timeline = z.object({ items: z.array(z.looseObject({ at: z.string(), kind: z.string(), text: z.string() })) });
const Profile = Lead.extend({
  enrolments: z
    .array(
      z.looseObject({
        workflow: z.string(),
        status: z.string(),
        step: z.string().nullish(),
        title: z.string().optional(),
        dueAt: z.string().optional(),
        reason: z.string().optional(),
      }),
    )
    .optional(),
});
type Profile = z.infer<typeof Profile>;

/** One lead: stage, both scores point by point, what is missing, where it stands, and all that happened. */
export async function leadPage(api: CallApi, id: string, zone: string): Promise<Response> {
  const path = `/api/leads/${encodeURIComponent(id)}`;
  const [profile, score, timeline] = await Promise.all([api(path), api(`${path}/score`), api(`${path}/timeline`)]);
  const lead = Profile.parse(profile);
  const explained = Score.parse(score);
  return shell({
    title: lead.name ?? lead.email,
    body: html`<p><a href="/leads">All leads</a></p><h1>${lead.name ?? lead.email}</h1>
<dl class="figures"><div><dt>Stage</dt><dd>${lead.stage}</dd></div><div><dt>Grade</dt><dd>${lead.grade}</dd></div>
<div><dt>Fit</dt><dd>${lead.fit}</dd></div><div><dt>Engagement</dt><dd>${lead.engagement}</dd></div></dl>
<div class="columns">
<section class="card"><h2>Fit</h2>${points(explained.fit)}</section>
<section class="card"><h2>Engagement</h2>${points(explained.engagement)}</section>
<section class="card"><h2>On the way</h2>${gates(explained)}</section>
<section class="card"><h2>Workflows</h2>${standing(lead, zone)}</section>
<section class="card"><h2>Known of this lead</h2>${facts(lead)}</section>
</div>
<section class="card" style="margin-top:1.25rem"><h2>Timeline</h2><ol class="timeline">${Timeline.parse(
      timeline,
    ).items.map(
      (item) => html`<li>${timeTag(item.at, zone)} <span class="pill">${item.kind}</span><br>${item.text}</li>`,
    )}</ol></section>`,
  });
}

function points(part: Score['fit']): Html {
  if (part.contributions.length === 0) return html`<p>No points.</p>`;
  return html`<table><thead><tr><th>Rule</th><th class="number">Points</th><th>Of</th></tr></thead><tbody>${part.contributions.map(
    ({ rule, points, full, age, lost }) => html`<tr><td>${rule}</td><td class="number">${points}</td>
<td class="soft">${[full === undefined ? '' : `${full}`, age ? `${age} old` : '', lost ? `${lost} over the cap` : ''].filter(Boolean).join(', ')}</td></tr>`,
  )}</tbody><tfoot><tr><th>Sum</th><th class="number">${part.value}</th><td></td></tr></tfoot></table>`;
}

function gates(score: Score): Html {
  return html`<ul>${score.gates.map((gate) => html`<li>${gate.name}: ${gate.open ? 'open' : html`closed${gate.why ? `, ${gate.why}` : ''}`}</li>`)}</ul>
${score.next ? html`<p>For <strong>${score.next.stage}</strong>: ${score.next.missing.join('; ') || 'the next act of this person'}</p>` : ''}`;
}

function standing(lead: Profile, zone: string): Html {
  const enrolments = lead.enrolments ?? [];
  if (enrolments.length === 0) return html`<p>In none.</p>`;
  return html`<ul>${enrolments.map((enrolment) => {
    const where = enrolment.title ?? enrolment.step ?? 'its end';
    return enrolment.status === 'ended'
      ? html`<li>${enrolment.workflow}: ended (${enrolment.reason ?? 'finished'})</li>`
      : html`<li>${enrolment.workflow}: ${enrolment.status === 'active' ? 'at' : `${enrolment.status} at`} “${where}”${enrolment.dueAt ? html`, due ${timeTag(enrolment.dueAt, zone)}` : ''}</li>`;
  })}</ul>`;
}

/** What a lead carries beside the columns above, as the API gives it. */
function facts(lead: Profile): Html {
  const shown = new Set(['id', 'stage', 'grade', 'fit', 'engagement', 'createdAt', 'enrolments', 'name']);
  const rest = Object.entries(lead).filter(([key, value]) => !shown.has(key) && value !== null && value !== undefined);
  return html`<table><tbody>${rest.map(
    ([key, value]) =>
      html`<tr><th>${key}</th><td>${typeof value === 'object' ? JSON.stringify(value) : String(value)}</td></tr>`,
  )}</tbody></table>`;
}
