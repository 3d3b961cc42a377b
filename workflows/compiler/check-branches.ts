/**
 * Which stages a lead may be in at each step of a workflow; from that, branches that nobody takes and mails that nobody may
 * get at that place.
 */
import type { Condition } from '../../functions/definition/condition.ts';
import { type Scoring, STAGES, type Stage } from '../../functions/definition/scoring.ts';
import type { Step, Workflow } from '../../functions/definition/workflow.ts';
import { isReached } from '../../functions/lead/condition.ts';
import { boundsOf } from './reach.ts';
import { list } from './shape.ts';
import { below, fail, type Spot } from './source.ts';
import { type Bounds, holdsIn, type Way, waysOf } from './ways.ts';

/** Between these a lead moves up and down by what it does, and by the clock. */
const MOVING: readonly Stage[] = ['lead', 'iql', 'mql'];
/** Entering one of these ends an enrolment, unless the workflow keeps at it. */
const ENDING: readonly Stage[] = ['sql', 'customer', 'disqualified', 'recycled'];

export interface Checked {
  workflow: Workflow;
  /** Where each step is written. */
  spots: ReadonlyMap<string, Spot>;
  /** The class of each mail. */
  classes: ReadonlyMap<string, string>;
}

/** Says dead branches, and classes that no stage at the step may get. */
export function checkBranches({ workflow, spots, classes }: Checked, scoring: Scoring): void {
  const bounds = boundsOf(scoring);
  const stages = stagesAt(workflow, bounds);
  for (const step of Object.values(workflow.steps)) {
    const spot = spots.get(step.id);
    const here = stages.get(step.id);
    // A step that no stage reaches stands behind a branch that is told already.
    if (!spot || !here || here.size === 0) continue;
    if (step.kind === 'choose') sayDeadBranches(step, spot, [...here], workflow, bounds);
    if (step.kind === 'waitFor') sayDeadWait(step, spot, [...here], workflow);
    if (step.kind === 'send' && !step.transactional) saySkipped(step.email, spot, here, classes, scoring);
  }
}

function saySkipped(
  email: string,
  spot: Spot,
  here: ReadonlySet<Stage>,
  classes: ReadonlyMap<string, string>,
  { content }: Scoring,
): void {
  const given = classes.get(email);
  const may = given === undefined ? undefined : content[given];
  if (!may || may.some((stage) => here.has(stage))) return;
  const hint = `Here a lead may be ${list([...here])}; \`${given}\` is for ${list(may)}: see \`content\` in scoring.yaml.`;
  fail(below(spot, 'send'), `Nobody may get \`${email}\` (\`${given}\`) here: it would always be skipped.`, { hint });
}

/** The stages in which a lead may stand at each step, by the step's id. */
export function stagesAt(workflow: Workflow, bounds: Bounds): Map<string, Set<Stage>> {
  const found = new Map<string, Set<Stage>>();
  const come = (id: string | null, stages: Iterable<Stage>): void => {
    if (id === null) return;
    const known = found.get(id) ?? new Set();
    for (const stage of stages) known.add(stage);
    found.set(id, known);
  };
  const begins = workflow.enrol.on === 'stage' ? [workflow.enrol.stage] : STAGES;
  come(workflow.first, standing(begins, workflow, bounds));
  // In reading order, which is one in which every step comes after those that lead to it.
  for (const step of Object.values(workflow.steps)) {
    for (const [to, stages] of onward(step, [...(found.get(step.id) ?? [])], workflow, bounds)) come(to, stages);
  }
  return found;
}

/** Where a step leads, and in which stages. Time passes wherever something is waited for, a mail's window too. */
function onward(step: Step, here: Stage[], workflow: Workflow, bounds: Bounds): [string | null, Stage[]][] {
  const later = () => standing(afterSomeTime(here, workflow), workflow, bounds);
  switch (step.kind) {
    case 'wait':
    case 'waitUntil':
    case 'send':
      return [[step.next, later()]];
    case 'waitFor':
      return [
        [step.then, later()],
        [step.otherwise, later()],
      ];
    case 'choose':
      return chosen(step, here, workflow, bounds);
    case 'split':
      return step.variants.map(({ go }) => [go, here]);
    default:
      return [[step.next, here]];
  }
}

function afterSomeTime(here: readonly Stage[], { keepAt }: Workflow): Stage[] {
  if (here.length === 0) return [];
  const moves = here.some((stage) => MOVING.includes(stage) || stage === 'recycled');
  return [...new Set([...here, ...(moves ? MOVING : []), ...keepAt])];
}

/** Those of the stages in which the enrolment is not over at once, by its goal or an exit. */
function standing(stages: readonly Stage[], workflow: Workflow, bounds: Bounds): Stage[] {
  const exits = workflow.exits?.flatMap((exit) => ('when' in exit ? [exit.when] : [])) ?? [];
  const all = [...(workflow.goal ? [workflow.goal] : []), ...exits];
  return stages.filter((stage) => {
    const ways = waysOf(all, bounds, new Map([['stage', [stage]]]));
    return ways === undefined || ways.some((way) => !isOver(way, workflow.goal, exits, bounds));
  });
}

const isOver = (way: Way, goal: Condition | undefined, exits: Condition[], bounds: Bounds): boolean =>
  (goal !== undefined && holdsIn(goal, way, bounds, 'reached')) || exits.some((exit) => holdsIn(exit, way, bounds));

type Choose = Extract<Step, { kind: 'choose' }>;

/** The branch that is taken in each way; -1 for none. */
const taken = ({ branches }: Choose, way: Way, bounds: Bounds): number =>
  branches.findIndex(({ when }) => when === undefined || holdsIn(when, way, bounds));

function waysAt(step: Choose, here: Stage[], { goal, exits = [] }: Workflow, bounds: Bounds): Way[] | undefined {
  const conditions = step.branches.flatMap(({ when }) => (when ? [when] : []));
  const outs = exits.flatMap((exit) => ('when' in exit ? [exit.when] : []));
  const own = waysOf([...conditions, ...(goal ? [goal] : []), ...outs], bounds, new Map([['stage', here]]));
  // With goal and exits there may be too many ways to look at; without them fewer branches are known to be dead.
  if (!own) return waysOf(conditions, bounds, new Map([['stage', here]]));
  return own.filter((way) => !isOver(way, goal, outs, bounds));
}

function chosen(step: Choose, here: Stage[], workflow: Workflow, bounds: Bounds): [string | null, Stage[]][] {
  const ways = waysAt(step, here, workflow, bounds);
  const taking = new Map<number, Set<unknown>>();
  for (const way of ways ?? []) {
    const branch = taken(step, way, bounds);
    taking.set(branch, (taking.get(branch) ?? new Set()).add(way.get('stage')));
  }
  const among = (branch: number): Stage[] => (ways ? here.filter((stage) => taking.get(branch)?.has(stage)) : here);
  const hasOtherwise = step.branches.some(({ when }) => when === undefined);
  const branches = step.branches.map(({ go }, index): [string | null, Stage[]] => [go, among(index)]);
  return hasOtherwise ? branches : [...branches, [step.next, among(-1)]];
}

function sayDeadBranches(step: Choose, spot: Spot, here: Stage[], workflow: Workflow, bounds: Bounds): void {
  const ways = waysAt(step, here, workflow, bounds);
  if (!ways) return;
  const found = new Set(ways.map((way) => taken(step, way, bounds)));
  for (const [index, { when }] of step.branches.entries()) {
    if (found.has(index)) continue;
    const at = below(spot, 'choose', index);
    if (!when) {
      fail(at, 'The branches before take every lead: this one is never reached.', { key: true });
      continue;
    }
    const alone = ways.some((way) => holdsIn(when, way, bounds));
    const message = alone
      ? 'The branches before take every lead for whom this holds: it is never reached.'
      : 'This holds for no lead that gets here: the branch is never taken.';
    fail(below(at, 'when'), message, { hint: 'Take it out, or put it before the others.' });
  }
}

/** Reaching the stage ends the enrolment first, so that its steps are never taken. */
function sayDeadWait(step: Extract<Step, { kind: 'waitFor' }>, spot: Spot, here: Stage[], workflow: Workflow): void {
  if (!('stage' in step.awaited) || step.then === step.next) return;
  const { stage } = step.awaited;
  const { goal, keepAt } = workflow;
  const stays = [...here, ...keepAt].some((each) => isReached(each, stage));
  const climbs = MOVING.includes(stage) && here.some((each) => MOVING.includes(each) || each === 'recycled');
  if (stays || (climbs && !goalAt(goal, stage))) return;
  const why = ENDING.includes(stage) ? 'entering that stage ends the enrolment' : 'the goal ends the enrolment there';
  const hint = ENDING.includes(stage) ? `Keep at it: \`keepAt: ${stage}\`.` : 'Take `then` out, or set a later goal.';
  fail(below(spot, 'then'), `These steps are never reached: ${why}.`, { key: true, hint });
}

const goalAt = (goal: Condition | undefined, stage: Stage): boolean =>
  goal?.kind === 'stage' && 'oneOf' in goal.test && goal.test.oneOf.some((wanted) => isReached(stage, wanted as Stage));
