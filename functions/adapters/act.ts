/**
 * The one way in which anything happens to a lead: load → decide → commit → publish → settle.
 * What cannot be judged now is stored as pending and judged later; nothing that was accepted is lost.
 */
import type { Happening, Instant, Source } from '../lead/event.ts';
import { applyActs, type Outcome, withSource } from './apply.ts';
import type { Who } from './deciding.ts';
import { storePending } from './pending.ts';
import { inTurn } from './turn.ts';
import type { Submission } from './writes.ts';

export type { Outcome } from './apply.ts';
export type { Who } from './deciding.ts';

export interface ActOptions {
  at: Instant;
  /** The post that this is, where it is one. */
  submission?: Submission;
  /** Where a lead comes from that this act makes; a known one keeps its own. */
  source?: Source;
  /** Tries for longer before it leaves the act to a fold: somebody waits for its effect. */
  patient?: boolean;
}

/** Tries of one act before it is left to a fold. Twice as many contenders need one try more. */
const TRIES = 5;
const PATIENT_TRIES = 10;

/**
 * Applies one act: happenings that belong together, in their order.
 * @throws what AWS throws when the table cannot be read or written: then nothing is stored.
 */
export function act(who: Who, happenings: Happening[], options: ActOptions): Promise<Outcome> {
  return inTurn('leadId' in who ? who.leadId : who.email.key, () => actNow(who, happenings, options));
}

async function actNow(who: Who, happenings: Happening[], options: ActOptions): Promise<Outcome> {
  const { at, submission, source } = options;
  // Somebody of sales waits for the answer to theirs, and a correction needs the log.
  const patient = options.patient ?? happenings.some(({ answered }) => answered);
  const tries = patient ? PATIENT_TRIES : TRIES;
  const result = await applyActs(who, [happenings], { at, submission, source, tries, patient });
  if (result.kind !== 'undecided') return result;
  const { before, why, fault } = result;
  const told = before.version === 0 ? withSource(happenings, source) : happenings;
  const stored = await storePending(before, { happenings: told, at, why, tries: 0 }, { submission, fault });
  if (stored.kind === 'taken') return actNow({ leadId: stored.leadId }, happenings, options);
  if (stored.kind === 'submitted') return { kind: 'duplicate', leadId: before.id, submissionId: stored.submissionId };
  return { kind: stored.kind === 'happened' ? 'duplicate' : 'pending', leadId: before.id };
}
