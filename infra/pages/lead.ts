/** One lead with everything that is known of it: a plain page over `/api`. */
import { html } from 'hono/html';
import { z } from 'zod';
import type { CallApi } from './call-api.ts';
import { changes } from './lead-changes.ts';
import { facts } from './lead-facts.ts';
import { Lead } from './leads.ts';
import { shell, timeTag } from './shell.ts';

type Html = ReturnType<typeof html>;

const Contribution = z.looseObject({
  rule: z.string(),
  points: z.number(),
  full: z.number().optional(),
  age: z.string().optional(),
  lost: z.number().optional(),
});
const Part = z.object({ value: z.number(), contributions: z.array(Contribution) });
const Uncounted = z.object({ rule: z.string(), why: z.enum(['machine', 'once', 'capped']), points: z.number() });
const Score = z.looseObject({
  version: z.string(),
  stage: z.string(),
  grade: z.string(),
  fit: Part,
  engagement: Part,
  gates: z.array(z.looseObject({ name: z.string(), open: z.boolean(), why: z.string().optional() })),
  next: z.looseObject({ stage: z.string(), missing: z.array(z.string()) }).optional(),
  uncounted: z.array(Uncounted).optional(),
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
        held: z.object({ since: z.string(), why: z.string().optional() }).optional(),
        reason: z.string().optional(),
      }),
    )
    .optional(),
});
type Profile = z.infer<typeof Profile>;

/** One lead: stage, both scores point by point, what is missing, where it stands, and all that happened. */
export async function leadPage(api: CallApi, id: string, zone: string, notice?: string): Promise<Response> {
  const path = `/api/leads/${encodeURIComponent(id)}`;
  const [profile, score, timeline] = await Promise.all([api(path), api(`${path}/score`), api(`${path}/timeline`)]);
  const lead = Profile.parse(profile);
  const explained = Score.parse(score);
  return shell({
    title: lead.name ?? lead.email,
    styles: ['/web/leads.css'],
    body: html`<p><a href="/leads">All leads</a></p><h1>${lead.name ?? lead.email}</h1>
${notice ? html`<p class="notice" role="status">${notice}</p>` : ''}
<dl class="figures"><div><dt>Stage</dt><dd>${lead.stage}</dd></div><div><dt>Grade</dt><dd>${lead.grade}</dd></div>
<div><dt>Fit</dt><dd>${lead.fit}</dd></div><div><dt>Engagement</dt><dd>${lead.engagement}</dd></div></dl>
<p class="soft">Scored under version ${explained.version.slice(0, 12)}</p>
<div class="flow">
<section class="card"><h2>Fit</h2>${points(explained.fit)}</section>
<section class="card"><h2>Engagement</h2>${points(explained.engagement)}</section>
<section class="card"><h2>On the way</h2>${gates(explained)}</section>
<section class="card"><h2>Workflows</h2>${standing(lead, zone)}</section>
<section class="card"><h2>Did not count</h2>${uncounted(explained)}</section>
<section class="card"><h2>Known of this lead</h2>${facts(lead, zone)}</section>
</div>
<div class="stack">
<section class="card"><h2>By hand</h2>${changes(lead)}
<p><a href="/leads/${lead.id}/export">All that is stored about this person</a></p></section>
<section class="card"><h2>Timeline</h2><ol class="timeline">${Timeline.parse(timeline).items.map(
      (item) => html`<li>${timeTag(item.at, zone)} <span class="pill">${item.kind}</span><br>${item.text}</li>`,
    )}</ol></section></div>`,
  });
}

/** `P14DT3H5M` as people say it, by its largest part: "14 days". */
export function ageText(age: string): string {
  const [, number = '0', unit = 'M'] = /(\d+)([DHM])/.exec(age) ?? [];
  const name = { D: 'day', H: 'hour', M: 'minute' }[unit] ?? 'minute';
  return `${number} ${name}${number === '1' ? '' : 's'}`;
}

function points(part: Score['fit']): Html {
  if (part.contributions.length === 0) return html`<p>No points.</p>`;
  return html`<table><thead><tr><th>Rule</th><th class="number">Points</th><th>Of</th></tr></thead><tbody>${part.contributions.map(
    ({ rule, points, full, age, lost }) => html`<tr><td>${rule}</td><td class="number">${points}</td>
<td class="soft">${[full === undefined ? '' : `${full}`, age ? `${ageText(age)} old` : '', lost ? `${lost} over the cap` : ''].filter(Boolean).join(', ')}</td></tr>`,
  )}</tbody><tfoot><tr><th>Sum</th><th class="number">${part.value}</th><td></td></tr></tfoot></table>`;
}

const WHY = { machine: 'no act of a person', once: 'counted already', capped: 'over the cap of its rule' };

/** What happened without giving its points, by rule and reason. */
function uncounted({ uncounted: acts = [] }: Score): Html {
  if (acts.length === 0) return html`<p>Everything that a rule listens to counted.</p>`;
  const groups = Map.groupBy(acts, ({ rule, why }) => `${rule}|${why}`);
  return html`<table><thead><tr><th>Rule</th><th>Why</th><th class="number">Times</th><th class="number">Points</th></tr></thead><tbody>${[
    ...groups.values(),
  ].map(
    (group) => html`<tr><td>${group[0]?.rule}</td><td>${WHY[group[0]?.why ?? 'once']}</td>
<td class="number">${group.length}</td><td class="number">${Math.round(group.reduce((sum, { points }) => sum + points, 0))}</td></tr>`,
  )}</tbody></table>`;
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
      : html`<li>${enrolment.workflow}: ${enrolment.status === 'active' ? 'at' : `${enrolment.status} at`} “${where}”${enrolment.dueAt ? html`, due ${timeTag(enrolment.dueAt, zone)}` : ''}${enrolment.held?.why ? `, put off: ${enrolment.held.why}` : ''}</li>`;
  })}</ul>`;
}
