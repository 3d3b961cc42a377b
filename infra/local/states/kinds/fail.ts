/** Fail: ends its scope with an error; names and cause may be expressions. */
import type { Failure } from '../failure.ts';
import { type Part, textTemplate } from '../machine/field.ts';
import type { FailState } from '../machine/machine.ts';
import type { Step } from '../run/step.ts';
import { textValue } from '../run/typed-value.ts';
import type { Visit } from '../run/visit.ts';

export function compileFail(part: Part, name: string): FailState {
  return { type: 'Fail', name, error: textTemplate(part, 'Error'), cause: textTemplate(part, 'Cause') };
}

export async function runFail(visit: Visit, state: FailState): Promise<Step> {
  const bindings = visit.bindings();
  const failure: Failure = { error: state.error ? await textValue(visit, state.error, bindings) : '' };
  if (state.cause) failure.cause = await textValue(visit, state.cause, bindings);
  return { kind: 'fail', failure, events: [] };
}
