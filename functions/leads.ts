/** `GET /api/leads…`, `/api/handoffs`, `/api/workflows…`, `/api/reports/…`: looking at leads, for pages and programs. Writes nothing. */
import { Hono } from 'hono';
import { handle } from 'hono/aws-lambda';
import { HTTPException } from 'hono/http-exception';
import * as z from 'zod/mini';
import { currentRules, loadedRules, manifest, published, rules } from './adapters/definitions.ts';
import { enrolmentsOf, erasedAt, handoffsOf, loadLead, pendingActs, readLog, sendsOf } from './adapters/leads.ts';
import { decodeCursor, HANDOFF_STATUSES, leadsAtSteps, leadsMade, listHandoffs, listLeads } from './adapters/lists.ts';
import { ratesOf } from './adapters/rates.ts';
import { eachScoredUnder, scoredUnder } from './adapters/scored-under.ts';
import { later } from './adapters/table.ts';
import { now } from './clock.ts';
import { STAGES } from './definition/scoring.ts';
import { diagramOf } from './http/diagram.ts';
import { handoffView } from './http/handoff-view.ts';
import { log } from './http/log.ts';
import { problemOf } from './http/problem.ts';
import { enrolmentView, leadView, pausedView, profileView, workflowView } from './http/views.ts';
import { daysBetween, engagementReport, MOST_DAYS } from './lead/engagement-report.ts';
import { fitOf } from './lead/fit.ts';
import { inOrder } from './lead/fold.ts';
import { FUNNEL_BY, funnelOf } from './lead/funnel.ts';
import type { Lead } from './lead/lead.ts';
import { scoreOf } from './lead/score.ts';
import { timelineOf } from './lead/timeline.ts';

const MOST = 100;
const paging = {
  limit: z._default(z.coerce.number().check(z.int(), z.minimum(1), z.maximum(MOST)), 50),
  cursor: z.optional(z.pipe(z.string(), z.transform(cursorOf))),
};
const leadsQuery = z.strictObject({
  stage: z.optional(z.enum(STAGES)),
  grade: z.optional(z.enum(['A', 'B', 'C', 'D', 'unknown'])),
  ...paging,
});
const handoffsQuery = z.strictObject({ status: z.optional(z.enum(HANDOFF_STATUSES)), ...paging });

const DAY = 86_400_000;
const day = z.string().check(z.iso.date());
const reportQuery = z.strictObject({ from: z.optional(day), to: z.optional(day) });

const funnelQuery = z.strictObject({ ...reportQuery.shape, by: z._default(z.enum(FUNNEL_BY), 'stage') });
/** As many profiles are read in a few seconds; the HTTP API waits for 30. */
const MOST_REPORTED = 20_000;

export const app = new Hono();

app.get('/api/leads', async (c) => {
  const { stage, grade, limit, cursor } = queryOf(leadsQuery, c.req.query());
  const at = now();
  const keep = async (lead: Lead) => fitOf((await scoredUnder(lead)).scoring, lead.fields).grade === grade;
  const page = await listLeads({ stage, limit, before: cursor, ...(grade && { keep }) });
  const leads = await eachScoredUnder(page.items);
  return c.json({
    ...page,
    items: leads.map(({ lead, under }) => leadView(lead, under, at)),
    ...pausedView(await published(at)),
  });
});

app.get('/api/leads/:id', async (c) => {
  const lead = await leadOr404(c.req.param('id'));
  const at = now();
  const [under, enrolments] = await Promise.all([scoredUnder(lead), enrolmentsOf(lead.id)]);
  const views = enrolments.map(async (enrolment) => {
    const pinned = await rules(enrolment.definition);
    return enrolmentView(enrolment, pinned.workflows[enrolment.workflow]);
  });
  return c.json(profileView(lead, under, at, await Promise.all(views)));
});

app.get('/api/leads/:id/score', async (c) => {
  const lead = await leadOr404(c.req.param('id'));
  const at = now();
  const [under, events] = await Promise.all([scoredUnder(lead), readLog(lead.id)]);
  // Each event is explained under the definition that it was folded under.
  await Promise.all([...new Set(inOrder(events).map(({ definition }) => definition))].map(rules));
  const counted = events.filter(({ superseded }) => !superseded);
  return c.json(scoreOf(lead, under, at, counted, (definition) => loadedRules(definition)?.scoring));
});

app.get('/api/leads/:id/timeline', async (c) => {
  const { id } = await leadOr404(c.req.param('id'));
  const [events, sends, enrolments, handoffs, pending] = await Promise.all([
    readLog(id),
    sendsOf(id),
    enrolmentsOf(id),
    handoffsOf(id),
    pendingActs(id),
  ]);
  return c.json({ items: timelineOf({ events, sends, enrolments, handoffs, pending }) });
});

app.get('/api/handoffs', async (c) => {
  const { status, limit, cursor } = queryOf(handoffsQuery, c.req.query());
  const page = await listHandoffs({ status, limit, before: cursor });
  return c.json({ ...page, items: page.items.map(handoffView) });
});

app.get('/api/workflows', async (c) => {
  const at = now();
  const { hash, workflows } = await currentRules(at);
  const views = Object.values(workflows).map(async (one) => workflowView(one, hash, await leadsAtSteps(one.name)));
  return c.json({ items: await Promise.all(views), ...pausedView(await published(at)) });
});

app.get('/api/workflows/:name', async (c) => {
  const { hash, workflows } = await currentRules(now());
  const name = c.req.param('name');
  const workflow = Object.hasOwn(workflows, name) ? workflows[name] : undefined;
  if (!workflow) throw new HTTPException(404, { message: 'There is no such workflow.' });
  const [counts, stored] = await Promise.all([leadsAtSteps(name), manifest(hash)]);
  const view = workflowView(workflow, hash, counts, stored?.machines);
  return c.json({ ...view, diagram: diagramOf(workflow) });
});

/** How the mails were received that were sent on these days (UTC), without naming days: in the last 30. */
app.get('/api/reports/engagement', async (c) => {
  const today = now();
  const { from = later(today, -29 * DAY).slice(0, 10), to = today.slice(0, 10) } = queryOf(reportQuery, c.req.query());
  const days = daysBetween(from, to);
  if (!days)
    throw new HTTPException(400, { message: `A report is of 1 to ${MOST_DAYS} days, from the first to the last.` });
  return c.json({ from, to, items: engagementReport(await ratesOf(days)) });
});

/** Of the leads that came on these days (UTC): how many have reached each stage by now, and how long that took. */
app.get('/api/reports/funnel', async (c) => {
  const today = now();
  const asked = queryOf(funnelQuery, c.req.query());
  const { from = later(today, -29 * DAY).slice(0, 10), to = today.slice(0, 10), by } = asked;
  if (to < from) throw new HTTPException(400, { message: 'A report is from its first day to its last.' });
  const leads = await leadsMade(`${from}T00:00:00.000Z`, later(`${to}T00:00:00.000Z`, DAY), MOST_REPORTED);
  if (!leads) {
    throw new HTTPException(400, {
      message: `More than ${MOST_REPORTED} leads came in this time: ask for fewer days.`,
    });
  }
  return c.json({ from, to, by, leads: leads.length, items: funnelOf(leads, by) });
});

app.notFound((c) => problem(c.req.path === '/' ? 'There is nothing here.' : `There is no ${c.req.path}.`, 404));

app.onError((error) => {
  if (error instanceof HTTPException) return problem(error.message, error.status);
  log.error('leads could not be shown', { error });
  return problem('Something went wrong here. Please try again.', 500);
});

const problem = (detail: string, status: number): Response =>
  Response.json(problemOf(status, detail), { status, headers: { 'content-type': 'application/problem+json' } });

export const handler = handle(app);

const LEAD_ID = /^lead_[0-9a-z]{26}$/;

async function leadOr404(id: string): Promise<Lead> {
  const lead = LEAD_ID.test(id) ? await loadLead(id) : undefined;
  if (!lead) throw new HTTPException(404, { message: await whyNoLead(id) });
  return lead;
}

/** Who looks for a person that is gone should not look on. */
const whyNoLead = async (id: string): Promise<string> =>
  LEAD_ID.test(id) && (await erasedAt(id))
    ? 'This person asked to be forgotten: the data is gone.'
    : 'There is no such lead.';

/** @throws HTTPException 400 naming the parameter. */
function queryOf<T>(shape: z.ZodMiniType<T>, query: Record<string, string>): T {
  const read = shape.safeParse(query);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  if (issue?.code === 'unrecognized_keys')
    throw new HTTPException(400, { message: `There is no query parameter ${issue.keys[0]}.` });
  const name = String(issue?.path[0]);
  const right = issue?.code === 'invalid_value' ? `one of ${issue.values.join(', ')}` : RIGHT[name];
  throw new HTTPException(400, { message: `The query parameter ${name} must be ${right}.` });
}

const RIGHT: Record<string, string> = {
  limit: `a number from 1 to ${MOST}`,
  cursor: 'one that this list gave',
  from: 'a day like 2027-03-01',
  to: 'a day like 2027-03-01',
};

/** Told apart from any other text, so that a cut cursor does not begin anew without a word. */
function cursorOf(text: string, context: { issues: unknown[] }): string {
  const cursor = decodeCursor(text);
  if (cursor !== undefined) return cursor;
  context.issues.push({ code: 'custom', input: text });
  return z.NEVER;
}
