/**
 * `POST /forms/{form}`: a visitor's post becomes an act of a lead, stored before it is answered. `OPTIONS`: CORS as the
 * form allows it. Emits what the act causes: the delivery, enrolments, a handoff.
 */
import { randomBytes } from 'node:crypto';
import { act } from './adapters/act.ts';
import { currentRules } from './adapters/definitions.ts';
import { later } from './adapters/table.ts';
import { now } from './clock.ts';
import type { Rules } from './definition/definition.ts';
import type { Form } from './definition/form.ts';
import { type Body, readBody } from './http/body.ts';
import { corsHeaders, preflight } from './http/cors.ts';
import { type Asked, accepted, invalid, refused } from './http/form-answer.ts';
import { log } from './http/log.ts';
import { evidenceOf, type HttpRequest, type HttpResponse, requestOf } from './http/request.ts';
import type { Instant } from './lead/event.ts';
import { type Heard, readSubmission, type Submission } from './lead/form-submission.ts';
import { derivedId, newId } from './lead/id.ts';

export async function handler(event: unknown): Promise<HttpResponse> {
  const request = requestOf(event);
  const at = now();
  try {
    const rules = await currentRules(at);
    const name = request.params.form ?? '';
    const form = Object.hasOwn(rules.forms, name) ? rules.forms[name] : undefined;
    if (!form) return refused({ request }, 404, 'There is no such form.');
    const { origin } = request.headers;
    if (request.method === 'OPTIONS') return preflight(form.origins, origin);
    const answer = await answerTo(request, form, rules, at);
    return { ...answer, headers: { ...answer.headers, ...corsHeaders(form.origins, origin) } };
  } catch (error) {
    log.error('a post could not be stored', { error });
    const answer = refused({ request }, 503, 'The post could not be stored. Please send it again.');
    return { ...answer, headers: { ...answer.headers, 'retry-after': '5' } };
  }
}

async function answerTo(request: HttpRequest, form: Form, rules: Rules, at: Instant): Promise<HttpResponse> {
  const body = await readBody(request);
  if (!body.ok) return refused({ request, form }, body.status, body.detail);
  const read = readSubmission(form, rules.settings, body.fields, {
    at,
    idempotencyKey: request.headers['idempotency-key'],
    referrer: request.headers.referer,
    nested: body.nested,
  });
  const asked: Asked = { request, form, posted: body.fields };
  const errors = [...('errors' in read ? read.errors : []), ...nestedErrors(form, body)];
  if ('errors' in read || errors.length > 0) return invalid(asked, errors);
  const { setAside } = read;
  const id = idOf(read, at);
  // Neither machines nor staff learn that they were told apart.
  if (!('happenings' in read)) return accepted(asked, { id, setAside });
  const stored = await store(read, { id, evidence: evidenceOf(request) }, at);
  return accepted(asked, { id: stored, setAside, language: read.language });
}

/**
 * The id of a submission. Of one with a key it follows from that alone, its time as well: who sends the key of a cached page
 * with somebody's address must not learn from it whether, or when, that one was here.
 */
const idOf = ({ keyHash }: Heard, at: Instant): string =>
  keyHash === undefined ? newId('sub', Date.parse(at), randomBytes(10)) : derivedId('sub', NO_TIME, keyHash);

const NO_TIME: Instant = new Date(0).toISOString();

/** @returns the id of the submission: of an earlier one, where this is the same again. */
async function store(
  read: Submission,
  { id, evidence }: { id: string; evidence: ReturnType<typeof evidenceOf> },
  at: Instant,
): Promise<string> {
  const { key, values } = read.same;
  const submission = {
    id,
    same: [
      ...(key === undefined ? [] : [{ hash: key, again: later(at, -SAME_FOR_MS.key) }]),
      { hash: values, again: later(at, -SAME_FOR_MS.values) },
    ],
  };
  const outcome = await act({ email: read.email }, read.happenings, { at, submission, evidence });
  const leadId = outcome.kind === 'applied' ? outcome.lead.id : outcome.kind === 'unknown' ? '' : outcome.leadId;
  log.info('a post was taken', { leadId, form: String(read.happenings[0]?.data.form), outcome: outcome.kind });
  return (outcome.kind === 'duplicate' && outcome.submissionId) || id;
}

/** The same values are one submission for 5 minutes, the same key for as long as it is kept. */
const SAME_FOR_MS = { values: 5 * 60_000, key: 30 * 86_400_000 };

/** Fields and boxes of the form that were sent as objects: what is set aside may be anything, these may not. */
const nestedErrors = (form: Form, body: Extract<Body, { ok: true }>) => {
  const boxes = Object.values(form.consent).map(({ field }) => field);
  const asked = new Set(['email', ...Object.keys(form.fields), ...boxes]);
  return body.nested
    .filter((field) => asked.has(field))
    .map((field) => ({
      field,
      message: 'The value must be a text, a number, or true or false.',
      kind: 'plain' as const,
    }));
};
