/** Finds workflows that enrol each other for ever. */
import type { Workflow } from '../../functions/definition/workflow.ts';

/**
 * The circles of `enrol` steps over several workflows in which every workflow may be entered `always`, each told once, as the names in order.
 * A workflow that may not be entered again at once breaks the circle.
 */
export function endlessLoops(workflows: Record<string, Workflow>): string[][] {
  const calls = new Map<string, string[]>();
  for (const workflow of Object.values(workflows)) {
    if (workflow.enrol.again !== 'always') continue;
    const called = Object.values(workflow.steps).flatMap((step) =>
      step.kind === 'enrol' && step.workflow !== workflow.name ? [step.workflow] : [],
    );
    calls.set(workflow.name, called);
  }
  const loops: string[][] = [];
  const done = new Set<string>();
  const follow = (name: string, trail: string[]): void => {
    const begun = trail.indexOf(name);
    if (begun >= 0) {
      loops.push(trail.slice(begun));
      return;
    }
    if (done.has(name)) return;
    for (const called of calls.get(name) ?? []) follow(called, [...trail, name]);
    done.add(name);
  };
  for (const name of [...calls.keys()].sort()) follow(name, []);
  return loops;
}
