/** The lead's state as a pure fold over its events, in the canonical order (`at`, `id`). */
import type { FieldValue, Scoring } from '../definition/scoring.ts';
import { consentsAfter } from './consent.ts';
import { gain } from './engagement.ts';
import { byAt, type Instant, type LeadEvent } from './event.ts';
import type { Folded } from './lead.ts';
import { preferencesAfter } from './preferences.ts';
import { isDoubted, withLabels } from './verdict.ts';
import { zoneOf } from './zone.ts';

/** The state of a lead to whom nothing has happened. */
export const nothing = (): Folded => ({ fields: {}, source: {}, consents: {}, conversions: 0, values: {} });

export interface FoldedEvent {
  folded: Folded;
  /** `<rule>#<email or asset>`: gains that may not happen again, left by this event. To be stored with it. */
  markers: string[];
}

const isBlank = (value: FieldValue): boolean => typeof value === 'string' && value.trim() === '';

/** Latest wins; a blank never erases; `fills` are taken only where the lead has said nothing. */
const fieldsAfter = (fields: Folded['fields'], event: LeadEvent): Folded['fields'] => {
  const { fields: given, fills, clears } = event;
  if (!given && !fills && !clears) return fields;
  const next = { ...fills, ...fields };
  for (const name of clears ?? []) delete next[name];
  for (const [name, value] of Object.entries(given ?? {})) if (!isBlank(value)) next[name] = value;
  return next;
};

const sourceAfter = (source: Folded['source'], event: LeadEvent): Folded['source'] =>
  event.source === undefined || event.actor !== 'human'
    ? source
    : { first: source.first ?? event.source, last: event.source };

/** Tags in the order in which they were given; none: no list. */
const tagsAfter = (tags: Folded['tags'], { tags: change }: LeadEvent): Pick<Folded, 'tags'> => {
  if (!change) return tags ? { tags } : {};
  const kept = (tags ?? []).filter((tag) => !change.remove?.includes(tag));
  const next = [...new Set([...kept, ...(change.add ?? [])])];
  return next.length > 0 ? { tags: next } : {};
};

const actedAfter = (before: Instant | undefined, { actor, at }: LeadEvent): Pick<Folded, 'actedAt'> => {
  const actedAt = actor === 'human' && (before === undefined || at > before) ? at : before;
  return actedAt === undefined ? {} : { actedAt };
};

const later = (a: Instant | undefined, b: Instant): Instant => (a === undefined || b > a ? b : a);

const verdictsAfter = ({ doubted, judged }: Folded, event: LeadEvent): Pick<Folded, 'doubted' | 'judged'> => {
  const doubts = isDoubted(event) ? later(doubted, event.at) : doubted;
  const judges = event.labels ? later(judged, event.at) : judged;
  return { ...(doubts !== undefined && { doubted: doubts }), ...(judges !== undefined && { judged: judges }) };
};

/** Applicants and partners are answered, not scored: forms of that `audience` say so in their events' data. */
export const isSalesAudience = (event: LeadEvent): boolean =>
  event.data.audience !== 'recruiting' && event.data.audience !== 'partner';

/**
 * The state after one event. `event` must not be older than `state.last`, else fold the log anew with `foldAll`.
 * `scoring` is the definition that the event names, `zone` the workspace's, `seen` holds the markers of earlier events
 * (at least those that its own gains would leave). A superseded event changes nothing.
 */
export const fold = (
  state: Folded,
  event: LeadEvent,
  scoring: Scoring,
  zone: string,
  seen: ReadonlySet<string>,
): FoldedEvent => {
  if (event.superseded) return { folded: state, markers: [] };
  const human = event.actor === 'human';
  const scored = isSalesAudience(event);
  const fields = fieldsAfter(state.fields, event);
  const rules = scoring.engagement.rules;
  const gains = scored
    ? gain(rules, state.values, event, () => zoneOf(fields, zone), seen)
    : { values: state.values, markers: [] };
  const language = event.language ?? state.language;
  const preferences = preferencesAfter(state.preferences, human ? event.preferences : undefined);
  const folded: Folded = {
    fields,
    ...(language !== undefined && { language }),
    source: sourceAfter(state.source, event),
    consents: consentsAfter(state.consents, event),
    conversions: state.conversions + (human && scored && event.type === 'form.submitted' ? 1 : 0),
    values: gains.values,
    ...tagsAfter(state.tags, event),
    ...((state.pql || (human && event.type.startsWith('trial.'))) && { pql: true }),
    ...(preferences && { preferences }),
    ...actedAfter(state.actedAt, event),
    ...verdictsAfter(state, event),
    last: lastOf(state.last, event),
  };
  return { folded, markers: gains.markers };
};

/** Of the same instant an event that only gains may come after one that stands behind it. */
const lastOf = (last: Folded['last'], { at, id }: LeadEvent): NonNullable<Folded['last']> =>
  last && byAt({ at, id }, last) < 0 ? last : { at, id };

/** The log in canonical order with what stood before the last rescoring under the definition that this one names. */
const asRescored = (log: LeadEvent[]): LeadEvent[] => {
  const last = log.findLastIndex(({ type, actor }) => type === 'lead.rescored' && actor === 'hand');
  const definition = log[last]?.data.definition;
  return definition === undefined
    ? log
    : log.map((event, place) => (place < last ? { ...event, definition: String(definition) } : event));
};

/**
 * A log in canonical order, each key once, as it is judged now: what arrives twice happened once. Each event is under its
 * own definition, or under that of a rescoring behind it.
 */
export const inOrder = (events: readonly LeadEvent[]): LeadEvent[] => {
  const keys = new Set<string>();
  const log = withLabels(events)
    .filter((event) => !event.superseded)
    .sort(byAt)
    .filter((event) => !keys.has(event.key) && keys.add(event.key));
  return asRescored(log);
};

/** Whether all of a log is judged under this definition: a rescoring under it would change nothing. */
export const isUnder = (definition: string, events: readonly LeadEvent[]): boolean =>
  inOrder(events).every((event) => event.definition === definition);

/**
 * The state after a whole log, in whatever order it is given. `scoringOf` gives the scoring of a definition's hash: each
 * event is folded under its own, for ever. `zone` is the workspace's. Markers are those of the whole log.
 */
export const foldAll = (
  events: readonly LeadEvent[],
  scoringOf: (definition: string) => Scoring,
  zone: string,
): FoldedEvent => {
  const seen = new Set<string>();
  let state = nothing();
  for (const event of inOrder(events)) {
    const { folded, markers } = fold(state, event, scoringOf(event.definition), zone, seen);
    for (const marker of markers) seen.add(marker);
    state = folded;
  }
  return { folded: state, markers: [...seen] };
};
