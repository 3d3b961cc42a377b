/**
 * What own people do to a lead by hand: `PATCH /api/leads/{id}` corrects fields and sets the stage, `POST …/stop` ends an
 * enrolment, `POST …/merge` makes two leads one. Each is an event with who and why. The same `Idempotency-Key` is one act.
 */
import { randomUUID } from 'node:crypto';
import * as z from 'zod/mini';
import { act, type Outcome } from './adapters/act.ts';
import { currentRules } from './adapters/definitions.ts';
import { loadLead } from './adapters/leads.ts';
import { scoredUnder } from './adapters/scored-under.ts';
import { now } from './clock.ts';
import { STAGES } from './definition/scoring.ts';
import { isText, readJson } from './http/body.ts';
import { whoCalls } from './http/caller.ts';
import { log } from './http/log.ts';
import { json, problem } from './http/problem.ts';
import { type HttpRequest, type HttpResponse, requestOf } from './http/request.ts';
import { leadView } from './http/views.ts';
import { corrected, enrolmentStopped, type Hand, readCorrections, stageSet } from './lead/by-hand.ts';
import type { Happening, Instant } from './lead/event.ts';
import { isLeadId } from './lead/id.ts';
import type { Lead } from './lead/lead.ts';
import { mergedAway, whyNotMerged } from './lead/merging.ts';

export async function handler(event: unknown): Promise<HttpResponse> {
  const request = requestOf(event);
  try {
    const lead = await leadOf(request.params.id ?? '');
    if (!lead) return problem(404, 'There is no such lead.');
    const body = readJson(request.body);
    if (!body.ok) return problem(400, body.detail);
    if (!isText(body.value)) return problem(400, 'A text of the body holds half of a character.');
    return await doByHand({ lead, body: body.value, request, who: whoCalls(event), at: now() });
  } catch (error) {
    log.error('a change by hand failed', { error });
    return problem(503, 'Something is not working right now. Please try again in a minute.');
  }
}

const leadOf = async (id: string): Promise<Lead | undefined> => (isLeadId(id) ? loadLead(id) : undefined);

interface Asked {
  lead: Lead;
  body: unknown;
  request: HttpRequest;
  who: string;
  at: Instant;
}

const doByHand = (asked: Asked): Promise<HttpResponse> => {
  if (asked.request.path.endsWith('/merge')) return merge(asked);
  return asked.request.path.endsWith('/stop') ? stop(asked) : correct(asked);
};

const LONGEST_WHY = 500;
const why = z.optional(z.string().check(z.maxLength(LONGEST_WHY)));

const handOf = ({ request, who }: Asked, reason: string | undefined): Hand => ({
  id: (request.headers['idempotency-key'] ?? randomUUID()).slice(0, 255),
  who,
  why: reason,
});

const correction = z.strictObject({
  fields: z.optional(z.record(z.string(), z.unknown())),
  stage: z.optional(z.enum(STAGES)),
  why,
});

async function correct(asked: Asked): Promise<HttpResponse> {
  const { at } = asked;
  const read = correction.safeParse(asked.body);
  const { fields = {}, stage } = read.success ? read.data : {};
  const given = Object.keys(fields).length > 0;
  if (!read.success || (!given && !stage)) {
    const shape = `{"fields"?: {"name": value, or null to take it away}, "stage"?: one of ${STAGES.join(', ')}, "why"?: "…"}`;
    return problem(400, `Send ${shape}, with a field or a stage.`);
  }
  const changes = readCorrections(fields, await currentRules(at));
  if ('refused' in changes) return problem(422, changes.refused);
  const hand = handOf(asked, read.data.why);
  const happenings = [...(given ? [corrected(changes, hand, at)] : []), ...(stage ? [stageSet(stage, hand, at)] : [])];
  return done(asked, happenings);
}

const stopping = z.strictObject({ workflow: z.string(), why });

async function stop(asked: Asked): Promise<HttpResponse> {
  const read = stopping.safeParse(asked.body);
  if (!read.success) return problem(400, 'Send {"workflow": "…", "why"?: "…"}.');
  const { workflow } = read.data;
  const mark = Object.hasOwn(asked.lead.enrolments, workflow) ? asked.lead.enrolments[workflow] : undefined;
  if (!mark || mark.endedAt) return problem(409, `The lead is not in the workflow ${workflow}.`);
  return done(asked, [enrolmentStopped(workflow, handOf(asked, read.data.why), asked.at)]);
}

const merging = z.strictObject({ into: z.string(), why });

async function merge(asked: Asked): Promise<HttpResponse> {
  const read = merging.safeParse(asked.body);
  if (!read.success) return problem(400, 'Send {"into": "lead_…", "why"?: "…"}.');
  const into = await leadOf(read.data.into);
  if (!into) return problem(404, 'There is no lead of the id in “into”.');
  // Merged before, by a request whose answer was lost: its id leads to the other one already.
  if (asked.request.params.id !== asked.lead.id && asked.lead.id === into.id) return json(200, { id: into.id });
  const refused = whyNotMerged(asked.lead, into);
  if (refused) return problem(409, refused);
  const happening = mergedAway(asked.lead.id, into.id, handOf(asked, read.data.why), asked.at);
  const outcome = await act({ leadId: asked.lead.id }, [happening], { at: asked.at, patient: true });
  if (outcome.kind === 'refused') {
    const done = (await loadLead(asked.lead.id))?.id === into.id;
    return done ? json(200, { id: into.id }) : problem(409, outcome.why);
  }
  if (outcome.kind === 'unknown') return problem(404, 'There is no such lead.');
  if (outcome.kind === 'pending') return problem(503, 'Too much happens to this lead just now. Please try again.');
  log.info('a lead was given up for another one', { leadId: asked.lead.id, outcome: outcome.kind });
  return json(202, { id: into.id });
}

async function done({ lead, at }: Asked, happenings: Happening[]): Promise<HttpResponse> {
  const outcome = await act({ leadId: lead.id }, happenings, { at, patient: true });
  log.info('a lead was changed by hand', { leadId: lead.id, outcome: outcome.kind });
  const known = await after(outcome, lead);
  return json(outcome.kind === 'pending' ? 202 : 200, leadView(known, await scoredUnder(known), at));
}

const after = async (outcome: Outcome, before: Lead): Promise<Lead> =>
  outcome.kind === 'applied' ? outcome.lead : ((await loadLead(before.id)) ?? before);
