/** Old names in `moved:` that no version knows: only what is published tells. */
import type { Workflow } from '../../functions/definition/workflow.ts';
import type { Version } from '../../functions/lead/moving.ts';
import { nearest } from '../../functions/lead/nearest.ts';

export interface PlanProblem {
  /** An error stands in the way of publishing. */
  severity: 'error' | 'warning';
  workflow: string;
  message: string;
  nearest?: string;
}

type Versions = Record<string, Version & { workflows: Record<string, Workflow> }>;

/**
 * A name that no older version has is a slip; one that the version in force moves from already is a leftover. A wait is
 * no place to stand: leads stand at the step behind it.
 */
export function movingProblems(workflows: Record<string, Workflow>, versions: Versions, to: Version): PlanProblem[] {
  return Object.values(workflows).flatMap((workflow) => problemsOf(workflow, versions, to));
}

function problemsOf({ name, moved }: Workflow, versions: Versions, to: Version): PlanProblem[] {
  if (!moved) return [];
  const older = Object.values(versions).filter(
    ({ hash, at }) => hash !== to.hash && at < to.at && hash.startsWith(moved.from ?? ''),
  );
  const known = older.flatMap(({ workflows }) => workflows[name] ?? []);
  const say = (severity: PlanProblem['severity'], message: string, near?: string): PlanProblem => ({
    severity,
    workflow: name,
    message,
    ...(near === undefined ? {} : { nearest: near }),
  });
  if (known.length === 0) {
    const which = moved.from === undefined ? 'No older version is in force or has' : `Version ${moved.from} has no`;
    return [say('warning', `${which} leads in ${name}: \`moved\` moves nobody.`)];
  }
  const names = [...new Set(known.flatMap(({ steps }) => Object.keys(steps)))];
  return Object.keys(moved.steps).flatMap((old): PlanProblem[] => {
    const kinds = known.map(({ steps }) => steps[old]).filter((step) => step !== undefined);
    const waits = kinds.length > 0 && kinds.every(({ kind }) => kind === 'wait' || kind === 'waitUntil');
    const [behind] = waits ? kinds.map(({ next }) => next ?? undefined) : [];
    if (waits) return [say('error', `Leads do not stand at the wait \`${old}\`, but at what comes after it.`, behind)];
    if (kinds.length > 0) return [];
    if (known.some((one) => one.moved && Object.hasOwn(one.moved.steps, old))) {
      return [say('warning', `Nobody stands at \`${old}\` any more: take it out of \`moved\`.`)];
    }
    return [say('error', `No older version of ${name} has a step \`${old}\`.`, nearest(old, names))];
  });
}
