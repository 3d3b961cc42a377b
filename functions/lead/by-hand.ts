/** What own people do to a lead by hand: each an event with who did it and why, which gains nothing and asks for nothing. */
import type { Rules } from '../definition/definition.ts';
import type { FormField } from '../definition/form.ts';
import { type FieldValue, STAGES, type Stage } from '../definition/scoring.ts';
import type { Happening, Instant, LeadEvent } from './event.ts';
import { parseFieldValue } from './field-value.ts';
import { whyNotName } from './form-values.ts';
import { knownFields } from './known-fields.ts';
import { nearest } from './nearest.ts';

/** Who did it and why. `id` tells this act from any other: the same again is the same act. */
export interface Hand {
  id: string;
  who: string;
  why?: string | undefined;
}

/** An event of this hand. */
export const byHand = (hand: Hand, type: string, at: Instant, data: Happening['data'] = {}): Happening => ({
  key: `hand:${hand.id}#${type}`,
  type,
  at,
  actor: 'hand',
  data,
  by: { who: hand.who, ...(hand.why && { why: hand.why }) },
});

/** Fields set to what is true; `clears` are those that are not known after all. */
export const corrected = (
  changes: { fields: Record<string, FieldValue>; clears: string[] },
  hand: Hand,
  at: Instant,
): Happening => ({
  ...byHand(hand, 'lead.corrected', at),
  fields: changes.fields,
  ...(changes.clears.length > 0 && { clears: changes.clears }),
});

/** A stage that a person sets. Forward it is entered, with all that follows; backward it is fallen to. */
export const stageSet = (stage: Stage, hand: Hand, at: Instant): Happening => byHand(hand, 'stage.set', at, { stage });

/** An enrolment that a person ends. */
export const enrolmentStopped = (workflow: string, hand: Hand, at: Instant): Happening =>
  byHand(hand, 'enrolment.stopped', at, { workflow });

/**
 * Everything so far is folded anew, under this definition. It stands behind `last`, the last of the log, whatever the clock
 * of whoever asks for it says; of several that found the same log one counts.
 */
export const rescored = (
  definition: string,
  hand: Hand,
  at: Instant,
  last: Pick<LeadEvent, 'at' | 'id'>,
): Happening => ({
  ...byHand(hand, 'lead.rescored', at > last.at ? at : justAfter(last.at), { definition }),
  key: `rescore:${definition}:${last.id}`,
});

const justAfter = (at: Instant): Instant => new Date(Date.parse(at) + 1).toISOString();

/** Whether the whole log is to be folded anew because of this event. */
export const foldsAnew = ({ type, actor }: Pick<LeadEvent, 'type' | 'actor'>): boolean =>
  actor === 'hand' && (type === 'lead.rescored' || type === 'lead.merged');

const readOne = (name: string, value: unknown, type: FormField | undefined, names: string[]) => {
  if (!type) {
    const near = nearest(name, names);
    return { why: `There is no field ${name}${near ? `: do you mean ${near}?` : '.'}` };
  }
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean')
    return { why: `${name} must be a text, a number, true, false, or null.` };
  const wrong = type.type === 'text' ? whyNotName(name, String(value)) : undefined;
  if (wrong) return { why: `${name} ${wrong.why}.` };
  const parsed = parseFieldValue(type, String(value), type.defaultCountry);
  return parsed.ok ? { value: parsed.value } : { why: `${name} ${parsed.why}.` };
};

/** Values for fields of the definition, by name; null takes one away. Why not, in a sentence, for the first that is wrong. */
export const readCorrections = (
  raw: Record<string, unknown>,
  rules: Pick<Rules, 'scoring' | 'forms'>,
): { fields: Record<string, FieldValue>; clears: string[] } | { refused: string } => {
  const types = knownFields(rules);
  const names = Object.keys(types);
  const fields: Record<string, FieldValue> = {};
  const clears: string[] = [];
  for (const [name, value] of Object.entries(raw)) {
    if (value === null && Object.hasOwn(types, name)) clears.push(name);
    else {
      const read = readOne(name, value, Object.hasOwn(types, name) ? types[name] : undefined, names);
      if ('why' in read) return { refused: read.why };
      fields[name] = read.value;
    }
  }
  return { fields, clears };
};

/** The stage that a person sets in this act, and the event that says so; undefined: none. */
export const stageSetIn = (events: readonly LeadEvent[]): { stage: Stage; event: LeadEvent } | undefined => {
  const event = events.findLast(({ type, actor }) => type === 'stage.set' && actor === 'hand');
  const stage = STAGES.find((each) => each === event?.data.stage);
  return event && stage && { stage, event };
};

/** Why a person ended the lead's enrolment in a workflow, if one did in this act. */
export const stoppedByHand = (workflow: string, events: readonly LeadEvent[]): string | undefined => {
  const event = events.find(
    ({ type, actor, data }) => actor === 'hand' && type === 'enrolment.stopped' && data.workflow === workflow,
  );
  return event && `stopped by hand${event.by?.why ? `: ${event.by.why}` : ''}`;
};
