/**
 * `POST /api/events`: one event or a batch from a product, a CRM or a call centre. Each has an id of its own and is
 * applied once; always `202` with an outcome for each, so that one bad event refuses no other.
 */
import { act, type Outcome, type Who } from './adapters/act.ts';
import { currentRules } from './adapters/definitions.ts';
import { now } from './clock.ts';
import { readJson } from './http/body.ts';
import { log } from './http/log.ts';
import { json, problem } from './http/problem.ts';
import { type HttpResponse, requestOf } from './http/request.ts';
import type { Happening, Instant } from './lead/event.ts';
import { isStaff } from './lead/form-submission.ts';
import { outsideEventsIn, readOutsideEvent } from './lead/outside-event.ts';

/** Events of as many leads take some 10 ms each, 16 at once: these are done well within the 30 s of the HTTP API. */
const MOST_EVENTS = 2000;
/** Events of the largest size that are sensible; Lambda itself takes 6 MB. */
const MOST_BYTES = 2 * 1024 * 1024;
const LEADS_AT_ONCE = 16;

interface Item {
  id?: string;
  outcome: 'applied' | 'duplicate' | 'refused';
  leadId?: string;
  why?: string;
}

/** One event that could be read, and where in the answer it stands. */
interface Posted {
  place: number;
  id: string;
  who: Who;
  happening: Happening;
}

export async function handler(event: unknown): Promise<HttpResponse> {
  const request = requestOf(event);
  if (request.body.length > MOST_BYTES) return problem(413, 'The body is larger than 2 MB.');
  const body = readJson(request.body);
  if (!body.ok) return problem(400, body.detail);
  const events = outsideEventsIn(body.value, MOST_EVENTS);
  if ('refused' in events) return problem(400, events.refused);
  try {
    const items = await applyAll(events.items, now());
    log.info('events were taken', { count: items.length });
    return json(202, { items });
  } catch (error) {
    // Some may be applied: sending all of them again does no harm, each has its id.
    log.error('events could not be stored', { error });
    const answer = problem(503, 'Not all events could be stored. Please send the same request again.');
    return { ...answer, headers: { ...answer.headers, 'retry-after': '5' } };
  }
}

async function applyAll(raw: unknown[], at: Instant): Promise<Item[]> {
  const { settings } = await currentRules(at);
  const items: Item[] = [];
  const byLead = new Map<string, Posted[]>();
  raw.forEach((one, place) => {
    const read = readOutsideEvent(one, at);
    if ('refused' in read) {
      items[place] = { ...(read.id === undefined ? {} : { id: read.id }), outcome: 'refused', why: read.refused };
    } else if ('email' in read.who && isStaff(read.who.email, settings)) {
      items[place] = { id: read.id, outcome: 'refused', why: 'The own staff are no leads.' };
    } else {
      const lead = 'leadId' in read.who ? read.who.leadId : read.who.email.key;
      byLead.set(lead, [...(byLead.get(lead) ?? []), { place, ...read }]);
    }
  });
  await eachOf([...byLead.values()], LEADS_AT_ONCE, async (events) => {
    // In their order: they stand in line, and go into few commits.
    const outcomes = await Promise.all(events.map((posted) => apply(posted, at)));
    events.forEach(({ place, id }, i) => {
      items[place] = itemOf(id, outcomes[i] as Outcome);
    });
  });
  return items;
}

const apply = ({ who, happening }: Posted, at: Instant): Promise<Outcome> =>
  act(who, [happening], { at, source: { channel: 'api' } });

function itemOf(id: string, outcome: Outcome): Item {
  switch (outcome.kind) {
    case 'applied':
      return { id, outcome: 'applied', leadId: outcome.lead.id };
    case 'pending':
      // Stored, and judged in a moment: nothing that the caller would do differently.
      return { id, outcome: 'applied', leadId: outcome.leadId };
    case 'duplicate':
      return { id, outcome: 'duplicate', leadId: outcome.leadId };
    case 'refused':
      return { id, outcome: 'refused', leadId: outcome.leadId, why: outcome.why };
    case 'unknown':
      return { id, outcome: 'refused', why: 'There is no lead of that id.' };
  }
}

/** Works through a list with so many at once. @throws the first error, once those under way have ended. */
async function eachOf<T>(list: T[], atOnce: number, work: (one: T) => Promise<void>): Promise<void> {
  const left = list.values();
  const workers = Array.from({ length: Math.min(atOnce, list.length) }, async () => {
    for (const one of left) await work(one);
  });
  const ended = await Promise.allSettled(workers);
  for (const worker of ended) if (worker.status === 'rejected') throw worker.reason;
}
