/** The enrolments' part of a decision: which end, which go on, which start, and which waits this act meets. */
import type { Workflow } from '../definition/workflow.ts';
import { rulesFor } from './act-events.ts';
import { metByAct } from './awaited.ts';
import { stoppedByHand } from './by-hand.ts';
import type { Subject } from './condition.ts';
import { type Act, type Draft, enteredBy, flagsOf } from './draft.ts';
import { endingReason, enrol, mayEnrol, startedBy, unenrol } from './enrolment.ts';
import type { EnrolmentMark, Wait } from './lead.ts';
import { subjectOf } from './subject.ts';
import { MARKETING } from './suppression.ts';

const subjectAfter = (draft: Draft, act: Act): Subject =>
  subjectOf(draft.lead, act.context.rules.scoring, act.context.now, flagsOf(act));

const end = (draft: Draft, workflow: string, mark: EnrolmentMark, reason: string, act: Act): Draft => {
  const { lead } = draft;
  const waits = lead.waits.some((wait) => wait.enrolmentId === mark.id);
  const ended = { type: 'enrolment.ended', leadId: lead.id, enrolmentId: mark.id, reason } as const;
  const change = { what: 'enrolment', name: workflow, to: 'ended', why: reason, id: mark.id } as const;
  return {
    ...draft,
    lead: unenrol(lead, workflow, act.context.now),
    enrolments: { ...draft.enrolments, end: [...draft.enrolments.end, { id: mark.id, workflow, reason }] },
    changes: [...draft.changes, change],
    // A parked machine is told; any other finds out at its next step.
    messages: waits ? [...draft.messages, ended] : draft.messages,
  };
};

/** A held enrolment goes on as the next run: the one before has no execution any more. */
const resume = (draft: Draft, workflow: string, mark: EnrolmentMark, run: number): Draft => {
  const { held: _, ...rest } = mark;
  const { lead } = draft;
  const started = { type: 'enrolment.started', leadId: lead.id, enrolmentId: mark.id, run } as const;
  const change = { what: 'enrolment', name: workflow, to: 'active', why: 'consent', id: mark.id } as const;
  return {
    ...draft,
    lead: { ...lead, enrolments: { ...lead.enrolments, [workflow]: rest } },
    enrolments: { ...draft.enrolments, resume: [...draft.enrolments.resume, { id: mark.id, workflow, run }] },
    changes: [...draft.changes, change],
    messages: [...draft.messages, started],
  };
};

/** Ends what this act ends, and releases what waited for the consent that it brought. */
export const endAndResume = (draft: Draft, act: Act): Draft => {
  const active = Object.entries(draft.lead.enrolments).filter(([, mark]) => !mark.endedAt);
  if (active.length === 0) return draft;
  const subject = subjectAfter(draft, act);
  const consented = draft.lead.consents[MARKETING]?.state === 'granted';
  return active.reduce((next, [name, mark]) => {
    const workflow = rulesFor(mark.definition, act.context)?.workflows[name];
    const byHand = stoppedByHand(name, act.events);
    const reason = byHand ?? endingReason(workflow, next.lead, subject, enteredBy(act), act.events);
    if (reason !== undefined) return end(next, name, mark, reason, act);
    return mark.held && consented ? resume(next, name, mark, mark.held.run + 1) : next;
  }, draft);
};

const start = (draft: Draft, workflow: Workflow, cause: string, act: Act): Draft => {
  const { rules, now } = act.context;
  const { lead, enrolment } = enrol(draft.lead, workflow, rules, cause, now);
  const started = { type: 'enrolment.started', leadId: lead.id, enrolmentId: enrolment.id, run: 1 } as const;
  const change = { what: 'enrolment', name: workflow.name, to: 'active', id: enrolment.id } as const;
  return {
    ...draft,
    lead,
    enrolments: { ...draft.enrolments, start: [...draft.enrolments.start, enrolment] },
    changes: [...draft.changes, change],
    messages: [...draft.messages, started],
  };
};

/** The workflow that an `enrol` step of another one calls. */
const calledBy = (act: Act): string | undefined => {
  const call = act.events.find(({ type, actor }) => type === 'enrolment.called' && actor === 'clock');
  return call && String(call.data.workflow);
};

/** Starts what this act starts: by its events, by the stage that it entered, by an answer's outcome, by an `enrol` step. */
export const startEnrolments = (draft: Draft, act: Act): Draft => {
  const { rules, now } = act.context;
  const called = act.answered?.answering.outcome.enrol ?? calledBy(act);
  const entered = enteredBy(act);
  return Object.values(rules.workflows).reduce((next, workflow) => {
    const cause = workflow.name === called ? act.last : startedBy(workflow, act.events, entered);
    if (!cause || !mayEnrol(workflow, next.lead, subjectAfter(next, act), now)) return next;
    return start(next, workflow, cause.id, act);
  }, draft);
};

const isMet = (wait: Wait, draft: Draft, act: Act): boolean => {
  const step = rulesFor(wait.definition, act.context)?.workflows[wait.workflow]?.steps[wait.step];
  const mark = draft.lead.enrolments[wait.workflow];
  if (step?.kind !== 'waitFor' || !mark) return false;
  return metByAct(step.awaited, mark.startedAt, act.events, draft.lead.stage);
};

/** Wakes the waiting steps that this act meets. */
export const wake = (draft: Draft, act: Act): Draft => {
  const { lead } = draft;
  const met = lead.waits.filter((wait) => isMet(wait, draft, act));
  if (met.length === 0) return draft;
  const messages = met.map(
    ({ enrolmentId, step }) => ({ type: 'wait.met', leadId: lead.id, enrolmentId, step }) as const,
  );
  return {
    ...draft,
    lead: { ...lead, waits: lead.waits.filter((wait) => !met.includes(wait)) },
    messages: [...draft.messages, ...messages],
  };
};
