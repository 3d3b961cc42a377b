/** Parts of history events that many of them share, in AWS's words. */
import type { JsonObject } from '../json.ts';

/** Nothing is ever cut off here. */
const WHOLE = { truncated: false };

export function inputDetails(input: string): JsonObject {
  return { input, inputDetails: WHOLE };
}

export function outputDetails(output: string): JsonObject {
  return { output, outputDetails: WHOLE };
}

/** `variable` → its value as JSON text. */
export function assignedDetails(assigned: JsonObject): JsonObject {
  const names = Object.keys(assigned);
  if (names.length === 0) return {};
  const assignedVariables = Object.fromEntries(names.map((name) => [name, JSON.stringify(assigned[name])]));
  return { assignedVariables, assignedVariablesDetails: WHOLE };
}
