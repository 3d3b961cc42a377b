/** A workflow's steps as a graph without circles. */
import type { Step } from '../../functions/definition/workflow.ts';
import { LONGEST_UNTIL_MS } from '../../functions/lead/until.ts';
import { DAY, durationText } from './duration.ts';
import { uniqueTitles, waitTitle } from './step-title.ts';

export interface StepGraph {
  first: string | null;
  steps: Record<string, Step>;
}

/** Where a step may lead, in the order of its outcomes; each once. */
export function successors(step: Step): (string | null)[] {
  switch (step.kind) {
    case 'waitFor':
      return [...new Set([step.then, step.otherwise])];
    case 'choose': {
      const hasOtherwise = step.branches.some(({ when }) => when === undefined);
      return [...new Set([...step.branches.map(({ go }) => go), ...(hasOtherwise ? [] : [step.next])])];
    }
    case 'split':
      return [...new Set(step.variants.filter(({ holdOut }) => !holdOut).map(({ go }) => go))];
    default:
      return [step.next];
  }
}

const isWait = (step: Step | undefined): boolean => step?.kind === 'wait' || step?.kind === 'waitUntil';

/**
 * Makes one wait of waits that follow each other, also over the end of a branch, and leaves out those that nothing follows:
 * only a task tells when the wait after it is due, and only a task can end an enrolment. `idle` are the waits left out.
 */
export function joinWaits({ first, steps }: StepGraph): StepGraph & { idle: string[] } {
  const joined: Record<string, Step> = {};
  const idle: string[] = [];
  const past = (id: string | null): string | null => {
    const step = id === null ? undefined : joined[id];
    return isWait(step) && step?.next === null ? null : id;
  };
  // Backwards, so that what follows a step is final when the step is looked at.
  for (const step of Object.values(steps).reverse()) {
    const made = { ...redirect(step, past) };
    const follower = made.kind === 'wait' && made.next !== null ? joined[made.next] : undefined;
    if (made.kind === 'wait' && follower?.kind === 'wait') {
      made.for += follower.for;
      made.next = follower.next;
      made.title = waitTitle(durationText(made.for));
    }
    if (isWait(made) && made.next === null) idle.unshift(step.id);
    joined[step.id] = made;
  }
  const start = past(first);
  const reached = reachable(start, joined);
  const kept = Object.keys(steps).filter((id) => reached.has(id));
  const graph = Object.fromEntries(kept.flatMap((id) => (joined[id] ? [[id, joined[id]]] : [])));
  uniqueTitles(Object.values(graph));
  return { first: start, steps: graph, idle };
}

function redirect(step: Step, past: (id: string | null) => string | null): Step {
  const next = past(step.next);
  if (step.kind === 'choose') {
    return { ...step, next, branches: step.branches.map((branch) => ({ ...branch, go: past(branch.go) })) };
  }
  if (step.kind === 'split') {
    return { ...step, next, variants: step.variants.map((variant) => ({ ...variant, go: past(variant.go) })) };
  }
  // biome-ignore lint/suspicious/noThenProperty: the definition language's own word; never awaited
  if (step.kind === 'waitFor') return { ...step, next, then: past(step.then), otherwise: past(step.otherwise) };
  return { ...step, next };
}

/** The ids that can be reached from a step, itself among them. */
export function reachable(first: string | null, steps: Record<string, Step>): Set<string> {
  const found = new Set<string>();
  const open = first === null ? [] : [first];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const step = steps[id];
    if (!step || found.has(id)) continue;
    found.add(id);
    open.push(...successors(step).filter((each) => each !== null));
  }
  return found;
}

/** A weekday comes within 7 days; one more hour is for a change of clocks. */
const WEEK = 7 * DAY + DAY / 24;

/** The most time that a step can take by itself, without holds: milliseconds. */
export function mostTime(step: Step): number {
  switch (step.kind) {
    case 'wait':
      return step.for;
    case 'waitUntil':
      return 'days' in step.until ? WEEK : (step.until.upTo ?? LONGEST_UNTIL_MS);
    case 'waitFor':
      return step.upTo;
    default:
      return 0;
  }
}

/** The longest time from the first step to the end, without holds: milliseconds. */
export function longestPath(first: string | null, steps: Record<string, Step>): number {
  const known = new Map<string, number>();
  const from = (id: string | null): number => {
    const step = id === null ? undefined : steps[id];
    if (!step || id === null) return 0;
    const cached = known.get(id);
    if (cached !== undefined) return cached;
    const longest = mostTime(step) + Math.max(0, ...successors(step).map(from));
    known.set(id, longest);
    return longest;
  };
  return from(first);
}
