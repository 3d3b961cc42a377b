/**
 * The one way in which anything happens to a lead: load → decide → commit → publish → settle.
 * What cannot be judged now is stored as pending and judged later; nothing that was accepted is lost.
 */
import type { Happening, Instant, Source } from '../lead/event.ts';
import { applyActs, asFirst, type Outcome } from './apply.ts';
import type { Evidence } from './consent-items.ts';
import type { Who } from './deciding.ts';
import { createLine } from './line.ts';
import { storePending } from './pending.ts';
import type { Submission } from './writes.ts';

export type { Outcome } from './apply.ts';
export type { Who } from './deciding.ts';

export interface ActOptions {
  at: Instant;
  /** The post that this is, where it is one. */
  submission?: Submission;
  /** Where a lead comes from that this act makes; a known one keeps its own. */
  source?: Source;
  /** Who sent it and with what, where it gives or takes back a consent. Kept for a while beside the record. */
  evidence?: Evidence;
  /** Tries for longer before it leaves the act to a fold: somebody waits for its effect. */
  patient?: boolean;
}

/** Tries of one act before it is left to a fold. Twice as many contenders need one try more. */
const TRIES = 5;
const PATIENT_TRIES = 10;

/** As many as a fold takes: with an event, a marker or two and what they cause, each stays below its 100 writes. */
const TOGETHER = 20;

interface Entry {
  who: Who;
  happenings: Happening[];
  options: ActOptions;
}

const line = createLine<Entry, Outcome>({
  atOnce: TOGETHER,
  // A post may be found to be sent before, and an answer refused: each for itself.
  joins: ({ happenings, options }) =>
    !options.submission && !options.evidence && !options.patient && !isAnswer(happenings),
  serve: (entries) => (entries.length === 1 ? Promise.all(entries.map(actAlone)) : actTogether(entries)),
});

/**
 * Applies one act: happenings that belong together, in their order.
 * @throws what AWS throws when the table cannot be read or written: then nothing is stored.
 */
export function act(who: Who, happenings: Happening[], options: ActOptions): Promise<Outcome> {
  return line.stand('leadId' in who ? who.leadId : who.email.key, { who, happenings, options });
}

/** In one commit; where that cannot be, one after the other. */
async function actTogether(entries: Entry[]): Promise<Outcome[]> {
  const [{ who, options }] = entries as [Entry];
  const at = entries.reduce((latest, entry) => (entry.options.at > latest ? entry.options.at : latest), options.at);
  const acts = entries.map(({ happenings }) => happenings);
  const result = await applyActs(who, acts, { at, source: options.source, tries: TRIES, patient: false });
  if (result.kind === 'duplicate' || result.kind === 'unknown') return entries.map(() => result);
  if (result.kind !== 'applied') return oneByOne(entries);
  const applied = new Set(result.events.map(({ key }) => key));
  const duplicate: Outcome = { kind: 'duplicate', leadId: result.lead.id };
  return acts.map((happenings) => {
    // Of two acts with one key the first is the one that was applied.
    const isNew = happenings.some(({ key }) => applied.delete(key));
    return isNew ? result : duplicate;
  });
}

async function oneByOne(entries: Entry[]): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const entry of entries) outcomes.push(await actAlone(entry));
  return outcomes;
}

const isAnswer = (happenings: Happening[]): boolean => happenings.some(({ answered }) => answered);

async function actAlone({ who, happenings, options }: Entry): Promise<Outcome> {
  const { at, submission, evidence, source } = options;
  // Somebody of sales waits for the answer to theirs, and a correction needs the log.
  const patient = options.patient ?? isAnswer(happenings);
  const tries = patient ? PATIENT_TRIES : TRIES;
  const result = await applyActs(who, [happenings], { at, submission, evidence, source, tries, patient });
  if (result.kind !== 'undecided') return result;
  const { before, why, fault } = result;
  const told = asFirst(before, [happenings], source).flat();
  const stored = await storePending(before, { happenings: told, at, why, tries: 0 }, { submission, evidence, fault });
  if (stored.kind === 'taken') return actAlone({ who: { leadId: stored.leadId }, happenings, options });
  if (stored.kind === 'submitted') return { kind: 'duplicate', leadId: before.id, submissionId: stored.submissionId };
  return { kind: stored.kind === 'happened' ? 'duplicate' : 'pending', leadId: before.id };
}
