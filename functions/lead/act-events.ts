/** An act's happenings as events of the log, and the lead's fold with them in it. */
import type { Rules } from '../definition/definition.ts';
import { foldsAnew } from './by-hand.ts';
import type { Context, Need } from './decision.ts';
import { byAt, type Happening, type LeadEvent } from './event.ts';
import { fold, foldAll } from './fold.ts';
import { derivedId } from './id.ts';
import type { Folded, Lead } from './lead.ts';
import { isDoubted, isProven, mayProve, type Proven, provesPerson, withLabels } from './verdict.ts';

/** The rules of a definition, current or pinned, or undefined when they are not loaded. */
export const rulesFor = (hash: string, context: Context): Rules | undefined =>
  hash === context.rules.hash ? context.rules : context.rulesOf(hash);

/** Those of the hashes whose rules must be loaded first. */
export const notLoaded = (hashes: Iterable<string>, context: Context): string[] =>
  [...new Set(hashes)].filter((hash) => rulesFor(hash, context) === undefined);

/** The same for a happening that comes again. */
export const eventId = (lead: Pick<Lead, 'id'>, { at, key }: Pick<Happening, 'at' | 'key'>): string =>
  derivedId('evt', at, lead.id, key);

/** The events of an act in its own order, each key once; what the log already holds is left out. */
export const eventsOf = (lead: Lead, happenings: readonly Happening[], context: Context): LeadEvent[] => {
  const known = new Set(context.log?.map((event) => event.key));
  return happenings
    .filter(({ key }) => !known.has(key) && known.add(key))
    .map((happening) => ({
      ...happening,
      id: eventId(lead, happening),
      leadId: lead.id,
      recordedAt: context.now,
      definition: context.rules.hash,
      changes: [],
    }));
};

/** Whether an event folds to nothing wherever it stands in the order: SES reports late and in disorder, mostly such. */
export const isInert = (event: LeadEvent): boolean =>
  event.actor !== 'human' &&
  event.actor !== 'sales' &&
  !event.consent &&
  !event.fields &&
  !event.fills &&
  !event.clears &&
  !event.tags &&
  !event.labels &&
  !isDoubted(event) &&
  event.language === undefined;

/**
 * Whether an event must stand before the last one folded. Of the same instant it need not where all it does is to gain:
 * points of one instant add up to the same in any order, since each rule's have one sign and nothing decays between them.
 */
const isLate = (event: LeadEvent, last: { at: string; id: string }): boolean => {
  if (isInert(event)) return false;
  const orders =
    event.fields ||
    event.fills ||
    event.clears ||
    event.tags ||
    event.preferences ||
    event.consent ||
    event.source ||
    event.language !== undefined;
  return orders || event.actor === 'sales' ? byAt(event, last) < 0 : event.at < last.at;
};

/**
 * Whether an event must be seen beside the whole log: it judges earlier ones, was judged before it came, or proves or doubts
 * what another one tells. A label is never older than what it labels.
 */
const asksTheLog = (event: LeadEvent, { last, doubted, judged }: Lead): boolean =>
  event.labels !== undefined ||
  foldsAnew(event) ||
  (judged !== undefined && event.type.startsWith('email.') && event.at <= judged) ||
  (doubted !== undefined && provesPerson(event) && mayProve(doubted, event.at)) ||
  (last !== undefined && isDoubted(event) && event.at <= last.at);

/** An act as it counts: what is folded, what is new of it to others, and whose acts they were. */
export interface Acted {
  folded: Folded;
  /** The once-markers that this act leaves and that are not known to exist. */
  markers: string[];
  /** Those of earlier events that an event no longer leaves. */
  unmarked?: string[];
  /** Of the mails on which it changed. */
  proven?: Proven;
  /** What happened by this act: events that it turns into a person's, then its own, each as it is judged now. */
  events: readonly LeadEvent[];
  /** The whole log after the act, as it is judged now; given where it was folded anew. */
  log?: readonly LeadEvent[];
}

const scoringOf =
  (context: Context) =>
  (hash: string): Rules['scoring'] =>
    (rulesFor(hash, context) ?? context.rules).scoring;

/** The whole log anew, with the act in it and without what it corrects. */
const refold = (
  log: readonly LeadEvent[],
  events: readonly LeadEvent[],
  corrected: string | undefined,
  context: Context,
): Acted => {
  const { zone } = context.rules.settings;
  const asItWas = withLabels(log);
  const before = new Set(foldAll(log, scoringOf(context), zone).markers);
  const all = withLabels([...log.filter((event) => event.id !== corrected), ...events]);
  const { folded, markers } = foldAll(all, scoringOf(context), zone);
  const kept = new Set(markers);
  const unmarked = [...before].filter((marker) => !kept.has(marker));
  return {
    folded,
    markers: markers.filter((marker) => !before.has(marker) && !context.seen.has(marker)),
    ...(unmarked.length > 0 && { unmarked }),
    ...provenAnew(asItWas, all),
    events: [...turnedIntoPersons(asItWas, all), ...asJudged(events, all)],
    log: all,
  };
};

const provenAnew = (before: readonly LeadEvent[], after: readonly LeadEvent[]): Pick<Acted, 'proven'> => {
  const [was, is] = [provenIn(before), provenIn(after)];
  const mails = [...new Set([...was, ...is])].filter((key) => was.has(key) !== is.has(key)).flatMap(mailOf);
  const proven = mails.map((mail) => [mail, [...is].filter((key) => mailOf(key).includes(mail))] as const);
  return proven.length > 0 ? { proven: Object.fromEntries(proven) } : {};
};

const provenIn = (log: readonly LeadEvent[]): Set<string> => new Set(log.filter(isProven).map(({ key }) => key));

/** The message id of the mail that an event of SES is about. */
const mailOf = (key: string): string[] => /^ses:(.+):email\.clicked:/.exec(key)?.slice(1, 2) ?? [];

const turnedIntoPersons = (before: readonly LeadEvent[], after: readonly LeadEvent[]): LeadEvent[] => {
  const others = new Set(before.filter(({ actor }) => actor !== 'human').map(({ id }) => id));
  return after.filter(({ id, actor }) => actor === 'human' && others.has(id));
};

const asJudged = (events: readonly LeadEvent[], log: readonly LeadEvent[]): LeadEvent[] => {
  const judged = new Map(log.map((event) => [event.id, event]));
  return events.map((event) => judged.get(event.id) ?? event);
};

/** One event after the other, on top of the lead's state. */
const foldOn = (lead: Lead, acted: readonly LeadEvent[], context: Context): Acted => {
  const { scoring, settings } = context.rules;
  const seen = new Set(context.seen);
  const markers: string[] = [];
  let folded: Folded = lead;
  for (const event of acted.toSorted(byAt)) {
    if (lead.last && isInert(event) && byAt(event, lead.last) < 0) continue;
    const next = fold(folded, event, scoring, settings.zone, seen);
    for (const marker of next.markers) seen.add(marker);
    markers.push(...next.markers);
    folded = next.folded;
  }
  return { folded, markers, events: acted };
};

/**
 * Folds an act into the lead: on top of its state, or, where an event is older than the last one folded or `corrected`
 * (an event's id) falls away, or one is judged anew, the whole log anew. Out: the fold, or the log or rules that it takes.
 */
export const foldAct = (
  lead: Lead,
  events: readonly LeadEvent[],
  corrected: string | undefined,
  context: Context,
): Acted | { need: Need } => {
  const { last } = lead;
  const late = last !== undefined && events.some((event) => isLate(event, last));
  const asks = events.some((event) => asksTheLog(event, lead));
  if (!late && !asks && corrected === undefined) return foldOn(lead, events, context);
  if (!context.log) return { need: { log: true } };
  const rules = notLoaded(
    context.log.map((event) => event.definition),
    context,
  );
  return rules.length > 0 ? { need: { rules } } : refold(context.log, events, corrected, context);
};

/** What a fold may lack: of the one before, nothing stays. */
const OPTIONAL = [
  'language',
  'pql',
  'tags',
  'preferences',
  'actedAt',
  'doubted',
  'judged',
  'last',
] as const satisfies readonly (keyof Folded)[];

/** The lead with another fold in place of its own. */
export const withFold = (lead: Lead, folded: Folded): Lead => {
  const rest = { ...lead };
  for (const key of OPTIONAL) delete rest[key];
  return { ...rest, ...folded };
};
