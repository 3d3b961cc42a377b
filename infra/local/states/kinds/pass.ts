/** Pass: hands its input on, or an output of its own. */
import type { Part } from '../machine/field.ts';
import { leaving } from '../machine/leaving.ts';
import type { PassState } from '../machine/machine.ts';
import { leave } from '../run/leave.ts';
import type { Stepping } from '../run/step.ts';
import type { Visit } from '../run/visit.ts';

export function compilePass(part: Part, name: string): PassState {
  return { type: 'Pass', name, ...leaving(part) };
}

export function runPass(visit: Visit, state: PassState): Stepping {
  return leave(visit, state, visit.input);
}
