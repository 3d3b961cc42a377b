/** One lead in memory, in place of the table: its state, its log, its enrolments, and what an act does to them. */
import type { Rules } from '../../functions/definition/definition.ts';
import { decide, newLead } from '../../functions/lead/decide.ts';
import type { Context, Decision, HandoffChange, Need } from '../../functions/lead/decision.ts';
import type { Happening, Instant, LeadEvent } from '../../functions/lead/event.ts';
import type { EmailAddress, Enrolment, Handoff, Lead } from '../../functions/lead/lead.ts';
import type { Mailed } from '../../functions/lead/mailed.ts';
import type { Message } from '../../functions/lead/message.ts';

/** What the simulator knows of a definition. */
export interface Simulated {
  rules: Rules;
  /** The topic of each mail that has one, by its name. */
  topics: Record<string, string>;
}

export type Told =
  | { what: 'event'; type: string; email?: string }
  | { what: 'mail'; email: string; purpose: 'marketing' | 'transactional'; workflow?: string; step?: string }
  | { what: 'skipped'; email: string; workflow: string; step: string }
  | { what: 'held'; email: string; workflow: string; step: string; until: Instant }
  | { what: 'step'; workflow: string; step: string; outcome: string }
  | { what: 'called'; webhook: string; workflow: string; step: string }
  | { what: 'enrolled' | 'ended' | 'resumed'; workflow: string; enrolmentId: string }
  | { what: 'stage'; from: string; to: string }
  | { what: 'handoff'; to: string; reason: string; handRaise: boolean }
  | { what: 'consent' | 'suppressed'; to: string };

export type Entry = Told & { at: Instant; why?: string };

export interface Run {
  readonly definition: Simulated;
  lead: Lead;
  log: LeadEvent[];
  readonly markers: Set<string>;
  readonly enrolments: Map<string, Enrolment>;
  handoff: Handoff | undefined;
  mailed: Mailed;
  /** Sends that were made, by enrolment and step. */
  readonly sent: Set<string>;
  /** What was published and not dealt with yet. */
  messages: Message[];
  tell(entry: Entry): void;
}

/** A lead that is made by what happens to it first. Nothing has happened yet: `actOn` it. */
export function newRun(
  definition: Simulated,
  email: EmailAddress,
  first: Happening,
  tell: (entry: Entry) => void = () => undefined,
): Run {
  const context = contextAt(definition, first.at, new Set());
  return {
    definition,
    lead: newLead(email, first, context),
    log: [],
    markers: new Set(),
    enrolments: new Map(),
    handoff: undefined,
    mailed: { version: 0, sent: {} },
    sent: new Set(),
    messages: [],
    tell,
  };
}

const contextAt = ({ rules }: Simulated, now: Instant, seen: ReadonlySet<string>): Context => ({
  now,
  rules,
  publication: 1,
  rulesOf: (hash) => (hash === rules.hash ? rules : undefined),
  seen,
});

/** Each answer to a need may raise one more. */
const MOST_NEEDS = 6;

/** Lets something happen to the lead: decided by the same function as in the running system, and applied at once. */
export function actOn(run: Run, happenings: readonly Happening[], now: Instant): void {
  let context = contextAt(run.definition, now, run.markers);
  for (let asked = 0; asked < MOST_NEEDS; asked++) {
    const answer = decide(run.lead, happenings, context);
    if ('decision' in answer) {
      apply(run, answer.decision, now);
      return;
    }
    context = { ...context, ...provided(run, answer.need) };
  }
  throw new Error('Deciding asked for more and more.');
}

const provided = (run: Run, need: Need): Partial<Context> => ({
  ...(need.log ? { log: run.log } : {}),
  // Every mail of a simulation arrives: none tells of soft bounces in a row.
  ...(need.sends ? { sends: [] } : {}),
  ...(need.handoff ? { handoff: run.handoff?.id === need.handoff ? run.handoff : null } : {}),
});

function apply(run: Run, decision: Decision, now: Instant): void {
  if (decision.lead.version === run.lead.version) return;
  run.lead = decision.lead;
  const gone = new Set(decision.superseded.map(({ id }) => id));
  if (gone.size > 0) run.log = run.log.map((event) => (gone.has(event.id) ? { ...event, superseded: true } : event));
  run.log.push(...decision.events);
  for (const marker of decision.markers) run.markers.add(marker);
  applyEnrolments(run, decision.enrolments, now);
  const { open, change } = decision.handoff;
  if (open) run.handoff = open;
  if (change && run.handoff?.id === change.id) run.handoff = changed(run.handoff, change.set);
  run.messages.push(...decision.messages);
  for (const event of decision.events) tellEvent(run, event, now);
}

function applyEnrolments(run: Run, { start, end, resume }: Decision['enrolments'], now: Instant): void {
  for (const enrolment of start) run.enrolments.set(enrolment.id, enrolment);
  for (const { id, reason } of end) {
    const enrolment = run.enrolments.get(id);
    if (enrolment) run.enrolments.set(id, { ...enrolment, status: 'ended', reason, endedAt: now });
  }
  for (const { id, run: next } of resume) {
    const enrolment = run.enrolments.get(id);
    if (!enrolment) continue;
    const { reason: _, ...held } = enrolment;
    run.enrolments.set(id, { ...held, status: 'active', run: next, dueAt: now });
  }
}

function changed(handoff: Handoff, set: HandoffChange): Handoff {
  const next: Handoff = { ...handoff, version: handoff.version + 1 };
  for (const [attribute, value] of Object.entries(set)) {
    if (value === null) Reflect.deleteProperty(next, attribute);
    else Object.assign(next, { [attribute]: value });
  }
  return next;
}

function tellEvent(run: Run, event: LeadEvent, now: Instant): void {
  const { email } = event.data;
  if (event.actor !== 'clock') {
    run.tell({
      at: event.at,
      what: 'event',
      type: event.type,
      ...(email === undefined ? {} : { email: String(email) }),
    });
  }
  for (const { what, name, from = '', to = '', why, id = '' } of event.changes) {
    const because = why === undefined ? {} : { why };
    if (what === 'stage') run.tell({ at: now, what, from, to, ...because });
    else if (what === 'consent' || what === 'suppressed') run.tell({ at: now, what, to: to || name, ...because });
    else if (what === 'handoff') {
      run.tell({ at: now, what, to, reason: why ?? name, handRaise: run.handoff?.handRaise ?? false, ...because });
    } else if (what === 'enrolment') {
      const kind = to === 'ended' ? 'ended' : why === 'consent' ? 'resumed' : 'enrolled';
      run.tell({ at: now, what: kind, workflow: name, enrolmentId: id, ...because });
    }
  }
}
