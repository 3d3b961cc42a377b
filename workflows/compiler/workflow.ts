/** Checks a workflow across files and compiles it to a graph. */
import type { Exit, Workflow } from '../../functions/definition/workflow.ts';
import { isReached } from '../../functions/lead/condition.ts';
import { readCondition, type Scope } from './condition.ts';
import { DAY, durationText } from './duration.ts';
import { checkEventName } from './event-name.ts';
import { compileMoved } from './moved.ts';
import type { Names } from './names.ts';
import { below, fail, type Source, type Spot, warn } from './source.ts';
import { joinWaits, longestPath, mostTime } from './step-graph.ts';
import { type FlatSteps, flattenSteps } from './steps.ts';
import type { WorkflowFile } from './workflow-shape.ts';

/** A state machine's execution lives for a year at most; holds and retries need their share of it. */
const LONGEST = 360 * DAY;

/** A compiled workflow, and where each of its steps is written. */
export interface CompiledWorkflow {
  workflow: Workflow;
  spots: ReadonlyMap<string, Spot>;
}

export function compileWorkflow(file: WorkflowFile, source: Source, names: Names): CompiledWorkflow {
  const root: Spot = { source, path: [] };
  const scope: Scope = { of: 'lead', names, fields: names.leadFields };
  const flat = flattenSteps(file.steps, below(root, 'steps'), names);
  const { first, steps, idle } = joinWaits(flat);
  for (const id of first === null ? [] : idle) {
    const spot = flat.spots.get(id);
    if (spot) warn(spot, 'Nothing comes after this wait: it is left out.', { hint: 'Take it out.' });
  }
  if (first === null) fail(below(root, 'steps'), 'The workflow does nothing: it has no step to take.', { key: true });
  for (const step of Object.values(flat.steps)) {
    const spot = flat.spots.get(step.id);
    if (step.kind !== 'enrol' || step.workflow !== file.workflow || !spot) continue;
    const hint = 'A lead is never twice in one workflow; what is to come again belongs into another one.';
    fail(below(spot, 'enrol'), 'The workflow enrols into itself: a loop without an end.', { hint });
  }
  const tooLong = sayLongWaits(flat);
  const longest = longestPath(first, steps);
  if (!tooLong && longest > LONGEST) {
    const message = `The longest way through takes ${durationText(longest)}; ${durationText(LONGEST)} are the most.`;
    fail(below(root, 'steps'), message, { key: true, hint: 'Cut it in two, the second entered by an `enrol` step.' });
  }
  const goal = file.goal === undefined ? undefined : readCondition(file.goal, below(root, 'goal'), scope);
  const enrol = compileTrigger(file.enrol, below(root, 'enrol'), names);
  checkGoal(enrol, goal, below(root, 'goal'));
  const exits = compileExits(file.exit ?? [], below(root, 'exit'), names);
  const { perDay = 1, perWeek = perDay } = file.send?.cap ?? {};
  if (perDay > perWeek) {
    const message = `${perDay} a day is never reached: ${perWeek} in 7 days are the most.`;
    warn(below(root, 'send', 'cap', 'perDay'), message);
  }
  const workflow: Workflow = {
    name: file.workflow,
    ...(file.about === undefined ? {} : { about: file.about }),
    enrol,
    ...(goal ? { goal } : {}),
    ...(exits.length > 0 ? { exits } : {}),
    ...(file.send ? { send: file.send } : {}),
    keepAt: file.keepAt ?? [],
    ...(file.moved ? { moved: compileMoved(file.moved, below(root, 'moved'), steps) } : {}),
    first,
    steps,
  };
  return { workflow, spots: flat.spots };
}

/** Says each wait that alone is longer than a workflow may be; and whether there is one. */
function sayLongWaits({ steps, spots }: FlatSteps): boolean {
  const long = Object.values(steps).filter((step) => mostTime(step) > LONGEST);
  for (const step of long) {
    const spot = spots.get(step.id);
    const key = step.kind === 'waitFor' ? 'upTo' : 'wait';
    const hint = 'A reminder after a year is a workflow of its own, which an event of that time enrols in.';
    if (spot) fail(below(spot, key), `A wait takes ${durationText(LONGEST)} at most.`, { hint });
  }
  return long.length > 0;
}

function compileTrigger(trigger: WorkflowFile['enrol'], spot: Spot, names: Names): Workflow['enrol'] {
  const again = trigger?.again ?? 'never';
  if (!trigger || !('on' in trigger)) return { on: 'call', again };
  if (typeof trigger.on !== 'string') return { on: 'stage', stage: trigger.on.stage, again };
  const event = trigger.on;
  checkEventName(below(spot, 'on'), event);
  const raw = 'where' in trigger ? trigger.where : undefined;
  const where =
    raw === undefined ? {} : { where: readCondition(raw, below(spot, 'where'), { of: 'event', names, event }) };
  return { on: 'event', event, ...where, again };
}

/** By the reason that is given, or by the event; a condition alone has no name. */
function compileExits(files: NonNullable<WorkflowFile['exit']>, spot: Spot, names: Names): Exit[] {
  return files.map((file, index) => {
    const at = below(spot, index);
    if ('when' in file) {
      const scope: Scope = { of: 'lead', names, fields: names.leadFields, noAct: true };
      return { reason: file.because ?? 'exit', when: readCondition(file.when, below(at, 'when'), scope) };
    }
    const { on, where, because = on } = file;
    checkEventName(below(at, 'on'), on);
    if (where === undefined) return { reason: because, on };
    return { reason: because, on, where: readCondition(where, below(at, 'where'), { of: 'event', names, event: on }) };
  });
}

/** A goal that the trigger itself meets would end each enrolment as it begins. */
function checkGoal(enrol: Workflow['enrol'], goal: Workflow['goal'], spot: Spot): void {
  if (goal?.kind !== 'stage' || !('oneOf' in goal.test)) return;
  if (goal.test.oneOf.includes('lead')) {
    const hint = 'Name the stage that the workflow is for, like `goal: { stage: sql }`.';
    fail(spot, 'Every lead has reached `lead`: all would leave before the first step.', { key: true, hint });
    return;
  }
  if (enrol.on !== 'stage') return;
  const { stage } = enrol;
  const met = goal.test.oneOf.some((wanted) => isReached(stage, wanted as typeof stage));
  if (met) fail(spot, `Entering \`${stage}\` enrols, and meets the goal at the same moment.`, { key: true });
}
