/** Parallel: runs branches side by side on the same input; its result is the list of their outputs. */
import { tooLarge } from '../failure.ts';
import { isTooLarge } from '../json.ts';
import { list, type Part, partOf, requireFields, template } from '../machine/field.ts';
import { checkFields } from '../machine/known-fields.ts';
import { leaving } from '../machine/leaving.ts';
import type { ParallelState } from '../machine/machine.ts';
import { catchers, retriers } from '../machine/recovery.ts';
import type { Step } from '../run/step.ts';
import type { Visit } from '../run/visit.ts';

/** `addScope` compiles a branch and gives the path it is known by. */
export function compileParallel(part: Part, name: string, addScope: (scope: Part) => string): ParallelState {
  requireFields(part, 'Branches');
  const branches = list(part, 'Branches').flatMap((value, index) => {
    const branch = partOf(part, value, `Branches[${index}]`);
    if (!branch) return [];
    checkFields(branch, ['StartAt', 'States', 'Comment']);
    return [addScope(branch)];
  });
  return {
    type: 'Parallel',
    name,
    branches,
    arguments: template(part, 'Arguments'),
    retry: retriers(part),
    catch: catchers(part),
    ...leaving(part, ['result']),
  };
}

export async function runParallel(visit: Visit, state: ParallelState): Promise<Step> {
  const input = state.arguments ? await state.arguments.evaluate(visit.bindings(), visit.now) : visit.input;
  const text = JSON.stringify(input);
  if (isTooLarge(text)) throw tooLarge(state.name);
  return {
    kind: 'fork',
    events: [{ type: 'ParallelStateStarted' }],
    children: state.branches.map((scope) => ({ scope, work: text })),
    atOnce: state.branches.length,
  };
}
