/**
 * Leads that live through the compiled state machines, on the local engine and its clock. The steps decide as in the
 * simulator; what follows what, and when, the machine alone says.
 */
import { MACHINE_FUNCTIONS } from '../../../functions/definition/definition.ts';
import { clockStruck } from '../../../functions/lead/decide.ts';
import type { Instant } from '../../../functions/lead/event.ts';
import type { Deed, Person } from '../../../workflows/simulator/live.ts';
import { actOn, type Entry, newRun, type Run, type Simulated } from '../../../workflows/simulator/run.ts';
import { type Answer, endHeld, perform, wakeUp } from '../../../workflows/simulator/tasks.ts';
import { createWorld, type Fields, named } from '../../infra/local/states/world.ts';

/** Lets each person live until the end; gives what happened to each, as `live` tells it. */
export async function liveByMachines(
  definition: Simulated,
  machines: Record<string, object>,
  people: Person[],
  end: Instant,
): Promise<Entry[][]> {
  const lives = new Map<string, Life>();
  const lifeOf = (payload: Fields): Life => {
    const life = lives.get(String(payload.leadId));
    if (!life) throw new Error(`There is no lead ${payload.leadId}.`);
    return life;
  };
  const functions = Object.fromEntries(
    MACHINE_FUNCTIONS.map((name) => [name, (payload: Fields) => lifeOf(payload).task(payload)]),
  );
  const world = createWorld(functions);
  const arns = Object.fromEntries(
    Object.entries(machines).map(([name, machine]) => {
      const text = MACHINE_FUNCTIONS.reduce((all, one) => all.replaceAll(`\${${one}}`, one), JSON.stringify(machine));
      return [name, world.machine(JSON.parse(text))];
    }),
  );
  const told = people.map((person) => {
    const entries: Entry[] = [];
    const life = createLife(definition, person, world, arns, entries);
    lives.set(life.run.lead.id, life);
    return entries;
  });
  await world.clock.moveTo(Date.parse(end) - 1, world.settle);
  world.states.stop();
  return told;
}

interface Life {
  run: Run;
  task(payload: Fields): object;
}

function createLife(
  definition: Simulated,
  person: Person,
  world: ReturnType<typeof createWorld>,
  arns: Record<string, string>,
  entries: Entry[],
): Life {
  const mails: { email: string; at: Instant; purpose: 'marketing' | 'transactional'; id: string }[] = [];
  const hear = (entry: Entry): void => {
    if (entry.what === 'mail') mails.push({ ...entry, id: `${entry.email}:${entry.workflow ?? ''}:${entry.at}` });
    entries.push(entry);
  };
  const [first] = person.first.happenings;
  if (!first) throw new Error('Nothing happens first.');
  const run = newRun(definition, person.address, first, hear);
  const tokens = new Map<string, string>();
  const asked = new Set<string>();
  let struck: Instant | undefined;
  const nowOf = (): Instant => new Date(world.clock.now()).toISOString();
  const at = (instant: Instant, what: (now: Instant) => void): void => {
    world.clock.at(Math.max(Date.parse(instant), world.clock.now()), () => what(nowOf()));
  };

  const plan = (deeds: Deed[] = []): void => {
    for (const deed of deeds) {
      at(deed.at, (now) => {
        actOn(run, deed.happenings, now);
        settle(now);
      });
    }
  };
  const wake = (enrolmentId: string, output: object): void => {
    const taskToken = tokens.get(enrolmentId);
    tokens.delete(enrolmentId);
    if (taskToken) world.call('SendTaskSuccess', { taskToken, output: JSON.stringify(output) });
  };
  const settle = (now: Instant): void => {
    for (let message = run.messages.shift(); message; message = run.messages.shift()) {
      if (message.type === 'enrolment.started') start(message.enrolmentId, message.run);
      else if (message.type === 'enrolment.ended') wake(message.enrolmentId, { outcome: 'ended', due: now });
      else if (message.type === 'wait.met') {
        const answer = wakeUp(run, message.enrolmentId, message.step, now);
        if (answer?.kind === 'done') wake(message.enrolmentId, { outcome: answer.outcome, due: answer.due });
      } else if (message.type === 'deliver.requested') {
        const email = definition.rules.forms[message.form]?.deliver;
        if (email)
          hear({ at: now, what: 'mail', email, purpose: 'transactional', why: `answers the form ${message.form}` });
      }
    }
    for (const [purpose, { state, at: since }] of Object.entries(run.lead.consents)) {
      if (state !== 'pending' || asked.has(`${purpose} ${since}`)) continue;
      asked.add(`${purpose} ${since}`);
      plan(person.onAsked?.(purpose, since, now));
    }
    for (let mail = mails.shift(); mail; mail = mails.shift()) plan(person.onMail?.(mail, run));
    const { dueAt } = run.lead;
    if (dueAt === undefined || dueAt === struck) return;
    struck = dueAt;
    at(dueAt, (then) => {
      if (run.lead.dueAt === undefined || run.lead.dueAt > then) return;
      actOn(run, [clockStruck(run.lead.dueAt, then)], then);
      settle(then);
    });
  };
  const start = (enrolmentId: string, nth: number): void => {
    const enrolment = run.enrolments.get(enrolmentId);
    if (enrolment?.status !== 'active' || enrolment.run !== nth) return;
    const input = {
      leadId: run.lead.id,
      enrolmentId,
      definition: enrolment.definition,
      run: nth,
      at: nth === 1 ? null : enrolment.step,
      due: enrolment.dueAt,
    };
    world.start(arns[enrolment.workflow] ?? '', input, `${enrolmentId}-${nth}`);
  };
  const task = (payload: Fields): object => {
    const enrolmentId = String(payload.enrolmentId);
    const now = nowOf();
    const step = { enrolmentId, run: Number(payload.run), step: String(payload.step) };
    const answer = perform(run, { ...step, ...(payload.kind === 'look' ? { look: true as const } : {}) }, now);
    if (typeof payload.token === 'string') tokens.set(enrolmentId, payload.token);
    const parked = typeof payload.token === 'string';
    const output = parked ? parkedAnswer(answer, now, (result) => wake(enrolmentId, result)) : undefined;
    watchHeld(enrolmentId);
    settle(now);
    return output ?? taskAnswer(answer);
  };
  const watchHeld = (enrolmentId: string): void => {
    const enrolment = run.enrolments.get(enrolmentId);
    if (enrolment?.status === 'held') at(enrolment.dueAt, (now) => endHeld(run, enrolmentId, now));
  };

  plan([person.first, ...(person.deeds ?? [])]);
  return { run, task };
}

/** As the park function: what has happened already wakes the machine at once. */
function parkedAnswer(answer: Answer, now: Instant, wake: (output: object) => void): object {
  if (answer.kind === 'done') wake({ outcome: answer.outcome, due: answer.due });
  if (answer.kind === 'over') wake({ outcome: 'ended', due: now });
  return {};
}

/** As the send and step functions: errors by name. */
function taskAnswer(answer: Answer): object {
  if (answer.kind === 'done') return { outcome: answer.outcome, due: answer.due };
  if (answer.kind === 'hold') throw named('Hold', answer.until);
  throw named('Ended', 'over');
}
