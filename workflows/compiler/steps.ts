/** Flattens nested steps into a graph in reading order, and checks what each step names. */
import type { Step } from '../../functions/definition/workflow.ts';
import { readCondition } from './condition.ts';
import { checkEventName } from './event-name.ts';
import { type Names, requireName } from './names.ts';
import { below, fail, type Spot, valueAt, warn } from './source.ts';
import { stepTitle } from './step-title.ts';
import type { AwaitedFile, BranchFile, StepFile } from './workflow-shape.ts';

export interface FlatSteps {
  first: string | null;
  /** In reading order; `next` names what follows, across the ends of branches. */
  steps: Record<string, Step>;
  /** Where each step is written. */
  spots: Map<string, Spot>;
}

/** A step with its id, before it is known what follows. */
interface Planned {
  id: string;
  file: StepFile;
  spot: Spot;
  thenSteps: Planned[];
  otherwiseSteps: Planned[];
  branches: Planned[][];
}

/** Flattens the steps at the spot. A second step of one id is said, and gets another one so that checking goes on. */
export function flattenSteps(files: StepFile[], spot: Spot, names: Names): FlatSteps {
  const spots = new Map<string, Spot>();
  const planned = plan(files, spot, '', spots);
  checkMails(planned, names);
  const linked: Linked = { names, steps: new Map() };
  const first = link(planned, null, linked);
  const inOrder = [...spots.keys()].flatMap((id): [string, Step][] => {
    const step = linked.steps.get(id);
    return step ? [[id, step]] : [];
  });
  return { first, steps: Object.fromEntries(inOrder), spots };
}

function plan(files: StepFile[], spot: Spot, prefix: string, taken: Map<string, Spot>): Planned[] {
  const counts = new Map<string, number>();
  return files.map((file, index) => {
    const kind = kindOf(file);
    const count = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, count);
    const at = below(spot, index);
    const wanted = file.id ?? file.send ?? `${prefix}${kind === 'waitFor' ? 'wait-for' : kind}-${count}`;
    const id = claim(wanted, file, at, taken);
    return {
      id,
      file,
      spot: at,
      thenSteps: plan(file.then ?? [], below(at, 'then'), `${id}-then-`, taken),
      otherwiseSteps: plan(file.otherwise ?? [], below(at, 'otherwise'), `${id}-otherwise-`, taken),
      branches: (file.choose ?? []).map((branch, number) =>
        plan(stepsOf(branch), below(at, 'choose', number, branchKey(branch)), `${id}-${number + 1}-`, taken),
      ),
    };
  });
}

/** The id, or another one when it is taken. */
function claim(wanted: string, file: StepFile, spot: Spot, taken: Map<string, Spot>): string {
  const other = taken.get(wanted);
  let id = wanted;
  for (let count = 2; taken.has(id); count++) id = `${wanted}-${count}`;
  taken.set(id, spot);
  if (!other) return id;
  const { line } = other.source.place(other.path);
  const again = file.send !== undefined && file.id === undefined;
  const message = again
    ? `\`${wanted}\` is the id of the step in line ${line} already, and a step that sends has the id of its mail.`
    : `The step in line ${line} has the id \`${wanted}\` already.`;
  fail(spot, message, { hint: again ? 'Give one of them an `id:` of its own.' : 'Ids are unique in a workflow.' });
  return id;
}

const kindOf = (file: StepFile): Step['kind'] => {
  if (file.wait !== undefined) return 'wait';
  if (file.send !== undefined) return 'send';
  if (file.waitFor !== undefined) return 'waitFor';
  return file.choose === undefined ? 'enrol' : 'choose';
};
const branchKey = (branch: BranchFile) => ('when' in branch ? 'then' : 'otherwise');
const stepsOf = (branch: BranchFile): StepFile[] => ('when' in branch ? branch.then : branch.otherwise);

interface Linked {
  names: Names;
  steps: Map<string, Step>;
}

/** Links a list of steps whose last leads to `after`; returns where the list begins. */
function link(list: Planned[], after: string | null, linked: Linked): string | null {
  for (const [index, step] of list.entries()) {
    linked.steps.set(step.id, makeStep(step, list[index + 1]?.id ?? after, linked));
  }
  return list[0]?.id ?? after;
}

function makeStep(step: Planned, next: string | null, linked: Linked): Step {
  const { id, file, spot } = step;
  const { names } = linked;
  const base = { id, title: stepTitle(file, valueAt(spot.source.raw, [...spot.path, 'wait'])), next };
  if (file.send !== undefined) {
    requireName(below(spot, 'send'), file.send, names.emails);
    const transactional = names.emailClasses.get(file.send) === 'transactional';
    return { ...base, kind: 'send', email: file.send, transactional };
  }
  if (file.waitFor !== undefined) {
    const awaited = readAwaited(file.waitFor, below(spot, 'waitFor'), names);
    const then = link(step.thenSteps, next, linked);
    const otherwise = link(step.otherwiseSteps, next, linked);
    return { ...base, kind: 'waitFor', awaited, upTo: file.upTo ?? 0, then, otherwise };
  }
  if (file.choose !== undefined) {
    checkBranches(file.choose, below(spot, 'choose'));
    return { ...base, kind: 'choose', branches: makeBranches(step, file.choose, next, linked) };
  }
  if (file.enrol !== undefined) {
    requireName(below(spot, 'enrol'), file.enrol, names.workflows);
    return { ...base, kind: 'enrol', workflow: file.enrol };
  }
  return { ...base, kind: 'wait', for: file.wait ?? 0 };
}

function makeBranches(step: Planned, files: BranchFile[], next: string | null, linked: Linked) {
  const { names } = linked;
  return files.map((branch, number) => {
    const at = below(step.spot, 'choose', number, 'when');
    const scope = { of: 'lead' as const, names, fields: names.leadFields, noAct: true };
    const when = 'when' in branch ? { when: readCondition(branch.when, at, scope) } : {};
    return { ...when, go: link(step.branches[number] ?? [], next, linked) };
  });
}

function checkBranches(branches: BranchFile[], spot: Spot): void {
  const seen = new Set<string>();
  for (const [number, branch] of branches.entries()) {
    const at = below(spot, number);
    if ('otherwise' in branch) {
      if (number < branches.length - 1) fail(at, '`otherwise` must be the last branch.', { key: true });
      continue;
    }
    const condition = JSON.stringify(branch.when);
    if (seen.has(condition)) fail(at, 'A branch before has the same condition: this one is never reached.');
    seen.add(condition);
  }
}

function readAwaited(file: AwaitedFile, spot: Spot, names: Names): Extract<Step, { kind: 'waitFor' }>['awaited'] {
  if ('stage' in file) return { stage: file.stage };
  const { event, email, where } = file;
  checkEventName(below(spot, 'event'), event);
  if (email !== undefined) {
    requireName(below(spot, 'email'), email, names.emails);
    if (!event.startsWith('email.')) fail(below(spot, 'email'), `\`${event}\` is not about an email.`, { key: true });
  }
  const scope = { of: 'event' as const, names, event };
  return {
    event,
    ...(email === undefined ? {} : { email }),
    ...(where === undefined ? {} : { where: readCondition(where, below(spot, 'where'), scope) }),
  };
}

/** Waiting for a click on a mail that this workflow does not send is a slip, unless a form sent it. */
function checkMails(planned: Planned[], names: Names): void {
  const all = planned.flatMap(function every(step: Planned): Planned[] {
    return [step, ...[step.thenSteps, step.otherwiseSteps, ...step.branches].flat().flatMap(every)];
  });
  const sent = new Set(all.map(({ file }) => file.send));
  for (const { file, spot } of all) {
    const email = file.waitFor && 'event' in file.waitFor ? file.waitFor.email : undefined;
    if (email === undefined || sent.has(email) || names.delivered.has(email) || !names.emails.names.has(email))
      continue;
    warn(below(spot, 'waitFor', 'email'), `Neither this workflow nor a form sends \`${email}\`.`);
  }
}
