/** Leaving a state: `Assign` and `Output` are evaluated side by side, both on the values at entry. */
import type { Template } from '../expression/template.ts';
import { tooLarge } from '../failure.ts';
import { isRecord, isTooLarge, type Json, type JsonObject } from '../json.ts';
import type { Draft } from '../storage/history.ts';
import type { Leave } from './step.ts';
import type { Extra, Visit } from './visit.ts';
import { variablesOf } from './visit.ts';

/** All variables of one execution together (AWS quotas). */
const VARIABLES_LIMIT = 10 * 1024 * 1024;

export interface Exit {
  readonly assign: Template | undefined;
  readonly output: Template | undefined;
  readonly next: string | null;
}

/**
 * @param otherwise the output where the state names none
 * @throws StateFailure, at once or by rejecting
 */
export function leave(
  visit: Visit,
  exit: Exit,
  otherwise: Json,
  extra: Extra = {},
  events: Draft[] = [],
): Leave | Promise<Leave> {
  if (!exit.assign && !exit.output) return finish(visit, exit, {}, otherwise, events);
  const bindings = visit.bindings(extra);
  const assigned = exit.assign?.evaluate(bindings, visit.now) ?? {};
  if (assigned instanceof Promise) return finishLater(assigned);
  const output = exit.output ? exit.output.evaluate(bindings, visit.now) : otherwise;
  if (output instanceof Promise) return output.then((value) => finish(visit, exit, assigned, value, events));
  return finish(visit, exit, assigned, output, events);

  async function finishLater(variables: Promise<Json>): Promise<Leave> {
    const values = await variables;
    const value = exit.output ? await exit.output.evaluate(bindings, visit.now) : otherwise;
    return finish(visit, exit, values, value, events);
  }
}

function finish(visit: Visit, exit: Exit, variables: Json, output: Json, events: Draft[]): Leave {
  const text = JSON.stringify(output);
  if (isTooLarge(text)) throw tooLarge(visit.state.name);
  const assigned = isRecord(variables) ? variables : {};
  if (exit.assign) checkVariables(visit, assigned);
  return { kind: 'leave', events, output: text, assigned, next: exit.next };
}

function checkVariables(visit: Visit, assigned: JsonObject): void {
  const text = JSON.stringify(assigned);
  const all = text.length + visit.thread.variables.length;
  if (isTooLarge(text)) throw tooLarge(visit.state.name);
  if (all > VARIABLES_LIMIT && JSON.stringify({ ...variablesOf(visit.thread), ...assigned }).length > VARIABLES_LIMIT) {
    throw tooLarge(visit.state.name);
  }
}
