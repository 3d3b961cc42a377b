/**
 * `POST /visits`: page views and the seconds in which they were engaged, from ripen.js; anonymous until a form is sent
 * from the same browser. `OPTIONS`: CORS as the forms allow it. `GET /ripen.js`: the script. Emits `visitor.viewed` where
 * a lead has claimed the visitor; the answer is the same.
 */
import { currentRules } from './adapters/definitions.ts';
import { recordView } from './adapters/record-view.ts';
import { now } from './clock.ts';
import type { Form } from './definition/form.ts';
import { readJson } from './http/body.ts';
import { allows, corsHeaders, preflight } from './http/cors.ts';
import { log } from './http/log.ts';
import { json, problem } from './http/problem.ts';
import { type HttpRequest, type HttpResponse, mediaType, requestOf } from './http/request.ts';
import { scriptAnswer } from './http/script.ts';
import type { Instant } from './lead/event.ts';
import { readVisit } from './lead/visit.ts';

/** A view with its source is below 2 kB. */
const MOST_BYTES = 8 * 1024;

export async function handler(event: unknown): Promise<HttpResponse> {
  const request = requestOf(event);
  const at = now();
  try {
    const { forms } = await currentRules(at);
    if (request.method === 'GET' || request.method === 'HEAD') return scriptAnswer(request, Object.values(forms));
    const { origin } = request.headers;
    const origins = originsOf(Object.values(forms), request);
    if (request.method === 'OPTIONS') return preflight(origins, origin);
    if (origin !== undefined && !allows(origins, origin))
      return problem(403, 'Pages of this origin may not tell of visits: no form names it under “origins”.');
    const answer = await answerTo(request, at);
    return { ...answer, headers: { ...answer.headers, ...corsHeaders(origins, origin) } };
  } catch (error) {
    log.error('a visit could not be stored', { error });
    const answer = problem(503, 'The visit could not be stored. Please send it again.');
    return { ...answer, headers: { ...answer.headers, 'retry-after': '5' } };
  }
}

/** Those of all forms, and the own: pages that this very host serves. */
const originsOf = (forms: Form[], { headers }: HttpRequest): string[] => [
  ...forms.flatMap(({ origins }) => origins),
  ...(headers.host && /^[\w.:[\]-]+$/.test(headers.host) ? [`https://${headers.host}`, `http://${headers.host}`] : []),
];

/** `navigator.sendBeacon` sends text. */
const TYPES = ['application/json', 'text/plain'];

async function answerTo(request: HttpRequest, at: Instant): Promise<HttpResponse> {
  if (request.body.length > MOST_BYTES) return problem(413, 'The body is larger than 8 kB.');
  if (!TYPES.includes(mediaType(request)))
    return problem(415, 'The content type must be application/json or text/plain.');
  const body = readJson(request.body);
  if (!body.ok) return problem(400, body.detail);
  const read = readVisit(body.value, request.userAgent, at);
  if ('refused' in read) return problem(422, read.refused);
  await recordView(read.visitor, read.view, at);
  return json(202, {});
}
