/** `GET /api/leads/{id}/export`: all that is stored about a person, as JSON or, for a browser, as a page to print. */
import { currentRules } from './adapters/definitions.ts';
import { erasedAt } from './adapters/leads.ts';
import { loadPerson } from './adapters/person.ts';
import { now } from './clock.ts';
import { optionalEnv } from './env.ts';
import { exportPage } from './http/export-page.ts';
import { exportView } from './http/export-view.ts';
import { log } from './http/log.ts';
import { json, problem } from './http/problem.ts';
import { type HttpResponse, requestOf } from './http/request.ts';
import { isLeadId } from './lead/id.ts';

export async function handler(event: unknown): Promise<HttpResponse> {
  const { params, headers } = requestOf(event);
  const id = params.id ?? '';
  try {
    const known = isLeadId(id);
    const person = known ? await loadPerson(id) : undefined;
    if (!person) return problem(404, known && (await erasedAt(id)) ? GONE : 'There is no such lead.');
    const at = now();
    const { settings } = await currentRules(at);
    const view = exportView(person, settings, optionalEnv('region'), at);
    log.info('a person was exported', { leadId: person.lead.id });
    return /text\/html/i.test(headers.accept ?? '') ? exportPage(view) : json(200, view);
  } catch (error) {
    log.error('a person could not be exported', { leadId: id, error });
    return problem(503, 'The data could not be put together now. Please try again in a minute.');
  }
}

const GONE = 'The person asked to be forgotten: the data is gone.';
