/** What ripen.js tells of one page view, read as it may be stored, and the act of a lead that it becomes. */
import * as z from 'zod/mini';
import type { Happening, Instant, Source } from './event.ts';
import { cleanText } from './field-value.ts';
import { isSourceField, pathOf, sourceOf } from './source.ts';
import { readAt } from './told-time.ts';
import { visitorHash } from './visitor.ts';

export interface View {
  /** Made by the browser: the same view told again is the same. */
  id: string;
  at: Instant;
  /** The path alone: queries carry what people typed. */
  page: string;
  category?: string;
  /** In which the page was seen and something was done on it. */
  seconds: number;
  /** Where the visit came from; in-page moves have none. */
  source?: Source;
  /** The page may still be open; taken as left from then on, if nothing more is told. */
  until?: Instant;
  /** Why it was no person. */
  machine?: string;
}

const MINUTE = 60_000;
/** What lies further back is a mistake: a visit is told while it happens. */
const OLDEST = { ms: 24 * 60 * MINUTE, words: 'a day' };
/** An open page tells of itself at least every 4 minutes while it is looked at. */
const QUIET_MS = 5 * MINUTE;
const MOST_SECONDS = 86_400;
const LONGEST_URL = 2000;
const LONGEST_PATH = 300;
const LONGEST_CATEGORY = 60;
const VIEW_ID = /^[0-9a-f]{16,32}$/;

const SHAPE = z.object({
  visitor: z.string(),
  view: z.string(),
  page: z.string(),
  at: z.optional(z.string()),
  seconds: z.optional(z.number()),
  category: z.optional(z.string()),
  referrer: z.optional(z.string()),
  open: z.optional(z.boolean()),
});
type Told = z.infer<typeof SHAPE>;

const SHAPES: Record<string, string> = {
  visitor: '“visitor” must be a text.',
  view: '“view” must be a text.',
  page: '“page” must be a text.',
  at: '“at” must be a text.',
  seconds: '“seconds” must be a number.',
  category: '“category” must be a text.',
  referrer: '“referrer” must be a text.',
  open: '“open” must be true or false.',
};

/**
 * Programs that open pages and run their scripts, by how they call themselves. Libraries run none: where one speaks, the
 * site's own server passes on what a person did. Cubot makes telephones.
 */
const CRAWLER =
  /(?<!cu)bot\b|crawl|spider|slurp|preview|externalhit|lighthouse|pagespeed|pingdom|uptime|monitor|headless|phantomjs/i;

const readPage = (text: string): URL | undefined => {
  const url = text.length > LONGEST_URL ? null : URL.parse(text);
  return url && (url.protocol === 'http:' || url.protocol === 'https:') ? url : undefined;
};

/** Moving on within a site, or coming by nothing that can be named, is no source. */
const sourceIn = (raw: object, told: Told): Source | undefined => {
  const texts = Object.entries(raw).flatMap(([name, value]): [string, string][] =>
    isSourceField(name) && typeof value === 'string' ? [[name, value.toWellFormed()]] : [],
  );
  const source = sourceOf(Object.fromEntries([...texts.slice(0, 30), ['page', told.page]]));
  return source.channel === 'direct' && !isFirstOf(told) ? undefined : source;
};

/** Typed in or bookmarked: a visit begins, whatever came before it. */
const isFirstOf = ({ referrer }: Told): boolean => referrer === undefined || referrer === '';

const whyNotValues = ({ view, seconds = 0, category = '' }: Told): string | undefined => {
  if (!VIEW_ID.test(view)) return '“view” must be 16 to 32 hexadecimal digits.';
  if (!(seconds >= 0 && seconds <= MOST_SECONDS)) return `“seconds” must be 0 to ${MOST_SECONDS}.`;
  return category.length > LONGEST_CATEGORY ? `“category” is longer than ${LONGEST_CATEGORY} characters.` : undefined;
};

export type ReadVisit = { visitor: string; view: View } | { refused: string };

/**
 * Reads the body of a beacon. What is not known is ignored; `agent` is the header `User-Agent`. Out: the hash of the
 * visitor's id and the view, or why it is not taken, in a sentence.
 */
export const readVisit = (raw: unknown, agent: string, now: Instant): ReadVisit => {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return { refused: 'The body is a JSON object.' };
  const parsed = SHAPE.safeParse(raw);
  if (!parsed.success)
    return { refused: SHAPES[String(parsed.error.issues[0]?.path[0])] ?? 'The body is a JSON object.' };
  const told = parsed.data;
  const visitor = visitorHash(told.visitor);
  if (visitor === undefined) return { refused: '“visitor” must be 32 hexadecimal digits.' };
  const page = readPage(told.page);
  if (!page) return { refused: `“page” must be the address of a page, of at most ${LONGEST_URL} characters.` };
  const why = whyNotValues(told);
  if (why !== undefined) return { refused: why };
  const when = readAt(told.at, now, OLDEST);
  if ('refused' in when) return when;
  const at = when.at < now ? when.at : now;
  return { visitor, view: viewOf(raw, told, page, at, agent, now) };
};

const viewOf = (raw: object, told: Told, page: URL, at: Instant, agent: string, now: Instant): View => {
  const category = cleanText((told.category ?? '').toWellFormed()).replace(/\s+/g, ' ');
  const source = sourceIn(raw, told);
  const crawler = CRAWLER.exec(agent)?.[0].toLowerCase();
  return {
    id: told.view,
    at,
    page: pathOf(page).slice(0, LONGEST_PATH),
    ...(category !== '' && { category }),
    seconds: Math.floor(told.seconds ?? 0),
    ...(source && { source }),
    ...(told.open && { until: new Date(Date.parse(now) + QUIET_MS).toISOString() }),
    ...(crawler !== undefined && { machine: `looked at by a program that calls itself ${crawler}` }),
  };
};

/** Whether nothing more will be told of a view. */
export const isLeft = ({ until }: Pick<View, 'until'>, now: Instant): boolean => until === undefined || until <= now;

/** The act of the lead whose view it was. */
export const viewed = ({ id, at, page, category, seconds, source, machine }: View): Happening => ({
  key: `visit:${id}`,
  type: 'page.viewed',
  at,
  actor: machine === undefined ? 'human' : 'machine',
  data: { page, ...(category !== undefined && { category }), seconds },
  ...(source && { source }),
  ...(machine !== undefined && { reasons: [machine] }),
});
