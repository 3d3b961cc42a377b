/** `DELETE /api/leads/{id}`: forgets a person. Gone at once for everybody; what is stored is deleted right after. */
import { eraseLead } from './adapters/erase.ts';
import { now } from './clock.ts';
import { log } from './http/log.ts';
import { json, problem } from './http/problem.ts';
import { type HttpResponse, requestOf } from './http/request.ts';
import { isLeadId } from './lead/id.ts';

export async function handler(event: unknown): Promise<HttpResponse> {
  const { params } = requestOf(event);
  const id = params.id ?? '';
  try {
    const erased = isLeadId(id) ? await eraseLead(id, now(), { keepsNo: true }) : undefined;
    if (!erased) return problem(404, 'There is no such lead.');
    log.info('a person was erased', { leadId: id });
    return json(202, { id, erased });
  } catch (error) {
    log.error('a person could not be erased', { leadId: id, error });
    return problem(503, 'The person could not be erased now. Please try again in a minute.');
  }
}
