/** An event that a product, CRM or call centre posts to `/api/events`, read as a happening of a lead. */
import * as z from 'zod/mini';
import { CONVERSIONS } from '../definition/form.ts';
import { parseEmailAddress } from './email-address.ts';
import { type Happening, type Instant, NOTED_EVENTS, OWN_EVENTS, OWN_NOUNS } from './event.ts';
import { isLeadId } from './id.ts';
import type { EmailAddress } from './lead.ts';
import { nearest } from './nearest.ts';
import { readAt } from './told-time.ts';

const LONGEST_ID = 256;
const LONGEST_TEXT = 1000;
const MOST_PROPERTIES = 50;
/** Older says nothing about a lead of today. */
const OLDEST = { ms: 2 * 365 * 86_400_000, words: 'two years' };

/** Of our own names, those that others may report. The rest only Ripen itself sees happen. */
const REPORTABLE = new Set<string>(['page.viewed', 'asset.downloaded', 'email.replied']);
const OURS = new Set<string>([...OWN_EVENTS, ...NOTED_EVENTS]);
/** Names that are worth proposing for a near-miss. */
const KNOWN = [...new Set<string>([...OWN_EVENTS, ...Object.values(CONVERSIONS), 'webinar.attended'])];
const TYPE = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*\.[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;

const scalar = z.union([z.string(), z.number(), z.boolean()]);
const ITEM = z.object({
  id: z.string(),
  type: z.string(),
  email: z.optional(z.string()),
  leadId: z.optional(z.string()),
  at: z.optional(z.string()),
  data: z.optional(z.record(z.string(), scalar)),
});
type Item = z.infer<typeof ITEM>;

export type OutsideEvent =
  | { id: string; who: { email: EmailAddress } | { leadId: string }; happening: Happening }
  /** Why it is not taken, in a sentence. `id`: the caller's, where it could be read. */
  | { id?: string; refused: string };

const SHAPES: Record<string, string> = {
  id: '“id” must be a text.',
  type: '“type” must be a text, such as webinar.attended.',
  email: '“email” must be a text.',
  leadId: '“leadId” must be a text.',
  at: '“at” must be a text.',
  data: '“data” must be a flat object: texts, numbers, true or false.',
};

const whyNotShape = (path: PropertyKey | undefined): string =>
  SHAPES[String(path)] ?? 'An event is an object: {id, type, email or leadId, at?, data?}.';

const whyNotType = (type: string): string | undefined => {
  const near = nearest(type, KNOWN);
  const hint = near === undefined || near === type ? '' : ` Did you mean ${near}?`;
  if (!TYPE.test(type)) return `The type must be noun.past-tense in lower case, such as webinar.attended.${hint}`;
  const noun = type.split('.')[0];
  if (REPORTABLE.has(type)) return undefined;
  if (OURS.has(type)) return `${type} is raised by Ripen itself; it cannot be posted.`;
  return !OWN_NOUNS.some((own) => own === noun) ? undefined : `Under “${noun}.” there is no event ${type}.${hint}`;
};

/** Half of a surrogate pair can be escaped in JSON, but is no text. */
const isText = (value: string | number | boolean): boolean => typeof value !== 'string' || value.isWellFormed();

const whyNotData = (data: NonNullable<Item['data']>): string | undefined => {
  const entries = Object.entries(data);
  if (entries.length > MOST_PROPERTIES) return `“data” holds more than ${MOST_PROPERTIES} properties.`;
  if (!entries.flat().every(isText)) return '“data” holds what is no text: half of a character.';
  const long = entries.find(([name, value]) => name.length > 100 || String(value).length > LONGEST_TEXT);
  return long && `“data.${long[0].slice(0, 40)}” is longer than ${LONGEST_TEXT} characters.`;
};

const readWho = ({
  email,
  leadId,
}: Item): { who: { email: EmailAddress } | { leadId: string } } | { refused: string } => {
  if ((email === undefined) === (leadId === undefined))
    return { refused: 'An event names its lead by “email” or by “leadId”, by one of them.' };
  if (leadId !== undefined)
    return isLeadId(leadId) ? { who: { leadId } } : { refused: '“leadId” is not the id of a lead.' };
  const parsed = parseEmailAddress(email ?? '');
  return parsed.ok ? { who: { email: parsed.address } } : { refused: `The address is not accepted: ${parsed.why}.` };
};

/**
 * Reads one posted event. Without `at` it happened now. It counts as the lead's own act: the caller reports what a person did.
 */
export const readOutsideEvent = (raw: unknown, now: Instant): OutsideEvent => {
  const parsed = ITEM.safeParse(raw);
  const given =
    typeof raw === 'object' && raw !== null && 'id' in raw && typeof raw.id === 'string' ? raw.id : undefined;
  const named = given === undefined ? {} : { id: given.slice(0, LONGEST_ID) };
  const refuse = (refused: string): OutsideEvent => ({ ...named, refused });
  if (!parsed.success) return refuse(whyNotShape(parsed.error.issues[0]?.path[0]));
  const { id, type, data = {} } = parsed.data;
  if (id.trim() === '') return refuse('“id” is empty: each event has its own.');
  if (!isText(id)) return refuse('“id” is no text: it holds half of a character.');
  if (id.length > LONGEST_ID) return refuse(`“id” is longer than ${LONGEST_ID} characters.`);
  const why = whyNotType(type) ?? whyNotData(data);
  if (why !== undefined) return refuse(why);
  const who = readWho(parsed.data);
  if ('refused' in who) return refuse(who.refused);
  const when = readAt(parsed.data.at, now, OLDEST);
  if ('refused' in when) return refuse(when.refused);
  // What stands before `#` in a key names its act.
  return {
    id,
    who: who.who,
    happening: { key: `api:${id.replaceAll('#', '%23')}`, type, at: when.at, actor: 'human', data },
  };
};

/** The events of a request's body: one, or `{"events": […]}` of at most `most`. */
export const outsideEventsIn = (body: unknown, most = 100): { items: unknown[] } | { refused: string } => {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    return { refused: 'The body is one event, or {"events": […]}.' };
  if (!('events' in body)) return { items: [body] };
  if (!Array.isArray(body.events)) return { refused: '“events” must be a list.' };
  return body.events.length > most ? { refused: `More than ${most} events in one request.` } : { items: body.events };
};
