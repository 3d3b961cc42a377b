/**
 * Sales answers a handoff: by the signed link of its mail (GET shows the lead and the buttons and changes nothing, since
 * mail scanners follow links; POST answers), or by the API. The first answer wins; later links show it.
 */
import * as z from 'zod/mini';
import { act } from './adapters/act.ts';
import { rules } from './adapters/definitions.ts';
import { findHandoff } from './adapters/handoffs.ts';
import { erasedAt, loadHandoff, loadLead, readLog } from './adapters/leads.ts';
import { shownScore } from './adapters/scored-under.ts';
import { verify } from './adapters/tokens.ts';
import { now } from './clock.ts';
import type { Rules } from './definition/definition.ts';
import { answerPage, MOST_NOTE } from './http/answer-page.ts';
import { readBody, readJson } from './http/body.ts';
import { whoCalls } from './http/caller.ts';
import { handoffView } from './http/handoff-view.ts';
import { log } from './http/log.ts';
import { messagePage } from './http/page.ts';
import { json, problem } from './http/problem.ts';
import { type HttpRequest, type HttpResponse, requestOf } from './http/request.ts';
import { wordsIn } from './http/words.ts';
import { personKey, readAnswerSubject } from './lead/answer-link.ts';
import type { Instant } from './lead/event.ts';
import { answerHappening, mayAnswer } from './lead/handoff.ts';
import { handoffBrief } from './lead/handoff-brief.ts';
import type { Handoff, Lead } from './lead/lead.ts';
import { oneLine } from './lead/mail-header.ts';

export async function handler(event: unknown): Promise<HttpResponse> {
  const request = requestOf(event);
  try {
    if (request.params.id !== undefined) return await answerByApi(request, request.params.id, whoCalls(event));
    const response = await answerByLink(request, request.params.token ?? '');
    return request.method === 'HEAD' ? { ...response, body: '' } : response;
  } catch (error) {
    log.error('an answer failed', { error });
    const words = wordsIn('en');
    return request.params.id === undefined
      ? messagePage('en', words.laterTitle, words.laterText, 503)
      : problem(503, 'Something is not working right now. Please try again in a minute.');
  }
}

const GONE_TITLE = 'The data is gone';
const GONE_TEXT =
  'This person asked to be forgotten. There is nothing to answer any more; please delete your own notes, too.';

/** An answer that may be given or shown: the lead, its handoff, and who answers. */
interface Asked {
  lead: Lead;
  handoff: Handoff;
  rules: Rules;
  by: string;
  at: Instant;
}

const EMPTY = { ok: true, fields: {} as Record<string, string[]> } as const;

async function answerByLink(request: HttpRequest, token: string): Promise<HttpResponse> {
  const words = wordsIn('en');
  if (!['GET', 'HEAD', 'POST'].includes(request.method)) return problem(405, 'GET shows the lead, POST answers.');
  const at = now();
  const verified = await verify(token, 'answer', at);
  if (!verified.ok) {
    const text = verified.why === 'cut' ? words.badLinkText : words.goneText;
    return messagePage('en', words.badLinkTitle, text, verified.why === 'expired' ? 410 : 400);
  }
  const subject = readAnswerSubject(verified.subject);
  const asked = subject && (await load(subject.leadId, subject.handoffId, subject.person, at));
  if (!asked && subject && (await erasedAt(subject.leadId))) return messagePage('en', GONE_TITLE, GONE_TEXT, 410);
  if (!asked) return messagePage('en', words.notFoundTitle, words.notFoundText, 404);
  if (request.method !== 'POST') return show(asked, { named: request.query.get('answer') ?? undefined });
  const body = request.body.length === 0 ? EMPTY : await readBody(request);
  if (!body.ok) return messagePage('en', words.refusedTitle, body.detail, body.status);
  // The link says which answer its button is for; a form may say another.
  const answer = body.fields.answer?.[0] ?? request.query.get('answer') ?? '';
  const result = await give(asked, answer, body.fields.note?.[0]);
  const status = { given: 200, refused: 200, unknown: 400 }[result.kind];
  return show(result.asked, { notice: result.notice, status });
}

async function load(leadId: string, handoffId: string, person: string, at: Instant): Promise<Asked | undefined> {
  const [lead, handoff] = await Promise.all([loadLead(leadId), loadHandoff(leadId, handoffId)]);
  if (!lead || !handoff) return undefined;
  const definition = await rules(handoff.definition);
  return { lead, handoff, rules: definition, by: nameOf(person, handoff, definition), at };
}

/** The address behind the key in a link: one of those who are ever asked. */
function nameOf(person: string, handoff: Handoff, { handoff: definition, scoring }: Rules): string {
  const { escalateTo } = definition.answer;
  const asked = [
    ...(handoff.assignee ? [handoff.assignee] : []),
    ...(escalateTo ? [escalateTo] : []),
    ...definition.assign.flatMap((rule) => rule.to),
    ...Object.values(scoring.owners),
  ];
  return asked.find((address) => personKey(address) === person) ?? person;
}

interface Given {
  kind: 'given' | 'refused' | 'unknown';
  notice: string;
  asked: Asked;
}

/** Gives an answer, and reads what stands then: of two that come at once, one is the first. */
async function give(asked: Asked, answer: string, note: string | undefined): Promise<Given> {
  const { lead, handoff, rules: definition, by, at } = asked;
  const allowed = Object.keys(definition.handoff.outcomes);
  if (!allowed.includes(answer)) {
    return { kind: 'unknown', notice: `“${answer}” is no answer. Answers: ${allowed.join(', ')}.`, asked };
  }
  // Pressed twice, or sent again after a lost connection.
  if (handoff.answer?.answer === answer && handoff.answer.by === by) {
    return { kind: 'given', notice: 'Your answer is noted.', asked };
  }
  const words = note === undefined ? '' : oneLine(note).slice(0, MOST_NOTE).toWellFormed();
  const happening = answerHappening(handoff.id, { answer, by, ...(words ? { note: words } : {}) }, at);
  const result = await act({ leadId: lead.id }, [happening], { at });
  log.info('sales answered', { leadId: lead.id, handoffId: handoff.id, outcome: `${answer}: ${result.kind}` });
  const after = (await load(lead.id, handoff.id, personKey(by), at)) ?? asked;
  const next = { ...after, by };
  if (result.kind === 'refused') return { kind: 'refused', notice: result.why, asked: next };
  const notice = result.kind === 'pending' ? 'Your answer is kept, and is noted in a moment.' : 'Your answer is noted.';
  return { kind: 'given', notice, asked: next };
}

async function show(asked: Asked, shown: { named?: string | undefined; notice?: string; status?: number }) {
  const { lead, handoff, rules: definition, by, at } = asked;
  const { grade, fit, engagement } = await shownScore(lead, at);
  const events = await readLog(lead.id);
  const facts = { lead, handoff, now: at, rules: definition, grade, fit, engagement, events, answers: [], page: '' };
  const possible = Object.keys(definition.handoff.outcomes).filter(
    (answer) => !('refused' in mayAnswer(handoff, answer, by, at, definition.handoff)),
  );
  const { named, notice, status } = shown;
  return answerPage({
    brief: handoffBrief({ ...facts, occasion: 'new' }),
    handoff,
    zone: definition.handoff.answer.hours.zone,
    answers: possible,
    ...(named ? { named } : {}),
    ...(notice ? { notice } : {}),
    ...(status ? { status } : {}),
  });
}

const posted = z.object({ answer: z.string(), note: z.optional(z.string()) });

async function answerByApi(request: HttpRequest, id: string, by: string): Promise<HttpResponse> {
  const body = readJson(request.body);
  if (!body.ok) return problem(400, body.detail);
  const parsed = posted.safeParse(body.value);
  if (!parsed.success) return problem(400, 'Send {"answer": "…", "note"?: "…"}, both texts.');
  const handoff = await findHandoff(id);
  const asked = handoff && (await load(handoff.leadId, id, '', now()));
  if (!asked) return problem(404, 'There is no such handoff.');
  const result = await give({ ...asked, by }, parsed.data.answer, parsed.data.note);
  if (result.kind === 'unknown') return problem(400, result.notice);
  if (result.kind === 'refused') return problem(409, result.notice);
  return json(200, handoffView(result.asked.handoff));
}
