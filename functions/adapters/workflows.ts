/** The workflow and the step that a task is about, under the definition that its enrolment is pinned to. */
import type { Rules } from '../definition/definition.ts';
import type { Step, Workflow } from '../definition/workflow.ts';
import type { Enrolment } from '../lead/lead.ts';
import { rules } from './definitions.ts';

export interface Pinned {
  rules: Rules;
  workflow: Workflow;
}

/** @throws Error when the definition is not stored or has no such workflow. */
export async function pinned(enrolment: Enrolment): Promise<Pinned> {
  const read = await rules(enrolment.definition);
  const workflow = read.workflows[enrolment.workflow];
  if (!workflow) throw new Error(`Definition ${enrolment.definition} has no workflow ${enrolment.workflow}.`);
  return { rules: read, workflow };
}

/** @throws Error when the step is missing or of another kind. */
export function stepOf<K extends Step['kind']>(workflow: Workflow, id: string, kind: K): Extract<Step, { kind: K }> {
  const step = workflow.steps[id];
  if (!isOfKind(step, kind)) throw new Error(`The workflow ${workflow.name} has no ${kind} step ${id}.`);
  return step;
}

const isOfKind = <K extends Step['kind']>(step: Step | undefined, kind: K): step is Extract<Step, { kind: K }> =>
  step?.kind === kind;
