/** Succeed: ends its scope with its input, or an output of its own. */
import { type Part, template } from '../machine/field.ts';
import type { SucceedState } from '../machine/machine.ts';
import { leave } from '../run/leave.ts';
import type { Stepping } from '../run/step.ts';
import type { Visit } from '../run/visit.ts';

export function compileSucceed(part: Part, name: string): SucceedState {
  return { type: 'Succeed', name, assign: undefined, output: template(part, 'Output'), next: null };
}

export function runSucceed(visit: Visit, state: SucceedState): Stepping {
  return leave(visit, state, visit.input);
}
