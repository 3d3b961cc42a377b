/** Lets a lead live through its workflows in virtual time: everything that falls due, in order, each at its own time. */
import { clockStruck } from '../../functions/lead/decide.ts';
import { dueSince } from '../../functions/lead/enrolment.ts';
import type { Happening, Instant } from '../../functions/lead/event.ts';
import type { EmailAddress, Enrolment, Handoff } from '../../functions/lead/lead.ts';
import { wholeSecond } from '../../functions/lead/whole-second.ts';
import { createQueue } from './queue.ts';
import { actOn, type Entry, newRun, type Run, type Simulated } from './run.ts';
import { type Answer, endHeld, perform, type Task, wakeUp } from './tasks.ts';

/** A mail that reached the lead. */
export interface Arrived {
  email: string;
  at: Instant;
  purpose: 'marketing' | 'transactional';
  /** Tells it from every other of this lead. */
  id: string;
}

/** What happens at an instant, once. */
export interface Deed {
  at: Instant;
  happenings: Happening[];
}

/** Whom the lead is and what it does: each function answers with what happens later because of it. */
export interface Person {
  address: EmailAddress;
  /** The post that makes the lead. */
  first: Deed;
  /** Planned from the outset. */
  deeds?: Deed[];
  /** A mail came. */
  onMail?(mail: Arrived, run: Run): Deed[];
  /** A consent of this purpose is to be confirmed, that was given at `asked`. */
  onAsked?(purpose: string, asked: Instant, now: Instant): Deed[];
  /** Sales was told. */
  onHandoff?(handoff: Handoff, at: Instant): Deed[];
}

export interface Lived {
  run: Run;
  /** Steps that were done, and states that its machines went through, for the cost. */
  counts: { starts: number; transitions: number; events: number; steps: Record<string, number> };
}

/** Lives from the first deed until `end` (excluded). `tell` hears of all that happens, in order. */
export function live(definition: Simulated, person: Person, end: Instant, tell: (entry: Entry) => void): Lived {
  const queue = createQueue();
  const counts: Lived['counts'] = { starts: 0, transitions: 0, events: 0, steps: {} };
  const [first] = person.first.happenings;
  if (!first) throw new Error('A lead is made by something that happens.');
  const mails: Arrived[] = [];
  const hear = (entry: Entry): void => {
    if (entry.what === 'mail') mails.push({ ...entry, id: `${entry.email}:${entry.workflow ?? ''}:${entry.at}` });
    tell(entry);
  };
  const run = newRun(definition, person.address, first, hear);
  let struck: Instant | undefined;
  const asked = new Set<string>();

  const plan = (deeds: Deed[] = []): void => {
    for (const deed of deeds) queue.add(deed.at, '1', (now) => happen(deed.happenings, now));
  };
  const happen = (happenings: Happening[], now: Instant): void => {
    counts.events += 1;
    actOn(run, happenings, now);
    settle(now);
  };

  /** Works off what the last step or act has left: messages, mails that came, and what falls due by the clock. */
  const settle = (now: Instant): void => {
    for (let message = run.messages.shift(); message; message = run.messages.shift()) {
      if (message.type === 'enrolment.started') begin(message.enrolmentId, message.run);
      else if (message.type === 'wait.met') woken(message.enrolmentId, message.step, now);
      else if (message.type === 'deliver.requested') deliver(message.form, now);
      else if (message.type === 'handoff.opened' && run.handoff) plan(person.onHandoff?.(run.handoff, now));
    }
    ask(now);
    for (let mail = mails.shift(); mail; mail = mails.shift()) plan(person.onMail?.(mail, run));
    const { dueAt } = run.lead;
    if (dueAt === undefined || dueAt === struck) return;
    struck = dueAt;
    queue.add(dueAt > now ? dueAt : now, '0', strike);
  };
  const strike = (now: Instant): void => {
    const { dueAt } = run.lead;
    if (dueAt === undefined || dueAt > now) return;
    actOn(run, [clockStruck(dueAt, now)], now);
    settle(now);
  };

  /** Every consent that waits for its confirmation, once. */
  const ask = (now: Instant): void => {
    for (const [purpose, { state, at }] of Object.entries(run.lead.consents)) {
      if (state !== 'pending' || asked.has(`${purpose} ${at}`)) continue;
      asked.add(`${purpose} ${at}`);
      plan(person.onAsked?.(purpose, at, now));
    }
  };
  const deliver = (form: string, now: Instant): void => {
    const email = definition.rules.forms[form]?.deliver;
    if (email === undefined || run.lead.suppressed) return;
    hear({ at: now, what: 'mail', email, purpose: 'transactional', why: `answers the form ${form}` });
  };

  const begin = (enrolmentId: string, nth: number): void => {
    const enrolment = run.enrolments.get(enrolmentId);
    if (enrolment?.status !== 'active' || enrolment.run !== nth || enrolment.step === null) return;
    counts.starts += 1;
    counts.transitions += 2;
    // A run that takes over waits until its step is due, to the second; a first one waits in its wait steps alone.
    queueStep(enrolmentId, nth, enrolment.step, nth > 1 ? wholeSecond(enrolment.dueAt) : enrolment.dueAt);
  };
  /** The earliest due goes first, as in the running system: by when it would have been due, had nothing put it off. */
  const queueStep = (enrolmentId: string, nth: number, step: string, at: Instant, look?: true): void => {
    const enrolment = run.enrolments.get(enrolmentId);
    const rank = enrolment ? `2#${dueSince(enrolment)}#${enrolmentId}` : '2';
    queue.add(at, rank, (now) => doStep({ enrolmentId, run: nth, step, ...(look ? { look } : {}) }, now));
  };
  const doStep = (task: Task, now: Instant): void => {
    // Woken before its deadline: its machine is past it.
    if (task.look && run.enrolments.get(task.enrolmentId)?.step !== task.step) return;
    const kind = kindOf(run, task);
    counts.steps[kind] = (counts.steps[kind] ?? 0) + (task.look ? 0 : 1);
    counts.transitions += 1;
    follow(task, perform(run, task, now), now);
    settle(now);
  };
  const follow = (task: Task, answer: Answer | undefined, now: Instant): void => {
    const { enrolmentId, run: nth, step } = task;
    if (answer?.kind === 'hold') {
      counts.transitions += 1;
      queueStep(enrolmentId, nth, step, answer.until);
    } else if (answer?.kind === 'parked') queueStep(enrolmentId, nth, step, answer.until, true);
    else if (answer?.kind === 'over') heldUntil(enrolmentId);
    else if (answer) {
      const next = run.enrolments.get(enrolmentId);
      if (next?.status !== 'active' || next.run !== nth || next.step === null) return;
      counts.transitions += waysOn(run, task, next, now);
      queueStep(enrolmentId, nth, next.step, next.dueAt > now ? next.dueAt : now);
    }
  };
  const heldUntil = (enrolmentId: string): void => {
    const enrolment = run.enrolments.get(enrolmentId);
    if (enrolment?.status === 'held') queue.add(enrolment.dueAt, '3', (now) => endHeld(run, enrolmentId, now));
  };
  const woken = (enrolmentId: string, step: string, now: Instant): void => {
    const nth = run.enrolments.get(enrolmentId)?.run ?? 0;
    const answer = wakeUp(run, enrolmentId, step, now);
    if (answer) follow({ enrolmentId, run: nth, step }, answer, now);
  };

  plan([person.first, ...(person.deeds ?? [])]);
  queue.runUntil(end);
  return { run, counts };
}

const kindOf = (run: Run, { enrolmentId, step }: Task): string => {
  const enrolment = run.enrolments.get(enrolmentId);
  return (enrolment && run.definition.rules.workflows[enrolment.workflow]?.steps[step]?.kind) ?? 'send';
};

/** A step with several ways on is followed by a Choice, one that is due later by a wait. */
const waysOn = (run: Run, { step }: Task, next: Enrolment, now: Instant): number => {
  const kind = run.definition.rules.workflows[next.workflow]?.steps[step]?.kind;
  return (kind === 'waitFor' || kind === 'choose' || kind === 'split' ? 1 : 0) + (next.dueAt > now ? 1 : 0);
};
