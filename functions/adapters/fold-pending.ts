/** Judging what was stored as pending: many acts of one lead in one transaction. */
import type { Instant } from '../lead/event.ts';
import { applyActs, type Outcome, type Undecided } from './apply.ts';
import { judgeHeld } from './engagement.ts';
import { pendingActs } from './leads.ts';
import { forgetEvidence, forgetPending, putOff } from './pending.ts';
import type { Pending } from './table.ts';

/** Acts in one transaction: with an event, a marker or two and what they cause, each stays below its 100 writes. */
const AT_ONCE = 40;
/** A fold contends with the acts that made it necessary, and is worth more than any of them. */
const TRIES = 12;
/** 4,000 acts: more wait for the next fold, since a function has 30 s. */
const MOST_ROUNDS = 100;

/**
 * Folds all pending acts of a lead; clicks that are held once their time has come, or `early`, when somebody must know now.
 * @returns how many were folded. What could not be stays pending, and the sweeper comes back to it.
 */
export async function foldPending(leadId: string, now: () => Instant, { early = false } = {}): Promise<number> {
  let folded = 0;
  const failed = new Set<string>();
  for (let round = 0; round < MOST_ROUNDS; round++) {
    // Read anew each round: others store more meanwhile, and their own folds may find the lead contended.
    const due = (act: Pending): boolean => early || !act.held || act.held.until <= now();
    const waiting = (await pendingActs(leadId)).filter((act) => due(act) && !failed.has(keyOf(act)));
    if (waiting.length === 0) break;
    const result = await foldSome(leadId, waiting.slice(0, AT_ONCE), now());
    if (result.contended) break;
    folded += result.folded;
    for (const act of result.failed) failed.add(keyOf(act));
  }
  return folded;
}

const keyOf = (act: Pending): string => act.happenings[0]?.key ?? '';

/** Applies the acts, those of clicks as they are judged by now. */
function applyJudged(leadId: string, acts: Pending[], at: Instant): Promise<Outcome | Undecided> {
  const clicks = acts.flatMap(({ happenings, held }) =>
    held ? happenings.map((happening) => ({ act: held.act, mail: { ...held.mail, leadId }, happening })) : [],
  );
  return judgeHeld(clicks, at, (judged) => {
    const told = acts.map(({ happenings }) => happenings.map((happening) => judged.get(happening.key) ?? happening));
    return applyActs({ leadId }, told, { at, tries: TRIES, patient: true });
  });
}

interface Folded {
  folded: number;
  failed: Pending[];
  contended: boolean;
}

/** A fault, or more than a transaction takes: halves, until what fails stands alone and is put off. */
async function foldSome(leadId: string, acts: Pending[], at: Instant): Promise<Folded> {
  const result = await applyJudged(leadId, acts, at);
  if (result.kind !== 'undecided') {
    // The lead was erased since: nothing of these may stay.
    if (result.kind === 'unknown') {
      await forgetEvidence(
        leadId,
        acts.flatMap(({ happenings }) => happenings),
      );
    }
    await forgetPending(leadId, acts);
    return { folded: acts.length, failed: [], contended: false };
  }
  if (!result.fault) return { folded: 0, failed: [], contended: true };
  const [only] = acts;
  if (acts.length === 1 && only) {
    await putOff(leadId, only, result.why, at);
    return { folded: 0, failed: acts, contended: false };
  }
  const half = Math.ceil(acts.length / 2);
  const first = await foldSome(leadId, acts.slice(0, half), at);
  if (first.contended) return first;
  const second = await foldSome(leadId, acts.slice(half), at);
  return {
    folded: first.folded + second.folded,
    failed: [...first.failed, ...second.failed],
    contended: second.contended,
  };
}
