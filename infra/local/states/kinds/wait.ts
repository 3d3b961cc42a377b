/** Wait: goes on after so many seconds, or at an instant. */
import { queryFailure } from '../failure.ts';
import { integerTemplate, isExpression, MAX_SECONDS, note, type Part, template, text } from '../machine/field.ts';
import { leaving } from '../machine/leaving.ts';
import type { WaitState } from '../machine/machine.ts';
import { leave } from '../run/leave.ts';
import type { Step, Stepping } from '../run/step.ts';
import { integerValue, textValue } from '../run/typed-value.ts';
import type { Visit } from '../run/visit.ts';

export function compileWait(part: Part, name: string): WaitState {
  if ((part.fields.Seconds === undefined) === (part.fields.Timestamp === undefined)) {
    note(part, "Exactly one of 'Seconds' and 'Timestamp' is required");
  }
  const timestamp = part.fields.Timestamp;
  if (typeof timestamp === 'string' && !isExpression(timestamp) && instantOf(timestamp) === undefined) {
    note(part, 'Timestamp must be an ISO 8601 date-time with a zone, such as 2027-01-31T08:00:00Z', 'Timestamp');
  }
  text(part, 'Timestamp');
  const seconds = integerTemplate(part, 'Seconds', 0, MAX_SECONDS);
  const until = seconds ? { seconds } : { timestamp: template(part, 'Timestamp') ?? NOW };
  return { type: 'Wait', name, until, ...leaving(part) };
}

const NOW = { location: 'Timestamp', constant: true, evaluate: () => '1970-01-01T00:00:00Z' };

export async function runWait(visit: Visit, state: WaitState): Promise<Step> {
  const due = await dueOf(visit, state);
  if (due <= visit.now()) return endWait(visit, state);
  return { kind: 'rest', phase: 'waiting', events: [], changes: { due } };
}

export function endWait(visit: Visit, state: WaitState): Stepping {
  return leave(visit, state, visit.input);
}

async function dueOf(visit: Visit, { until }: WaitState): Promise<number> {
  const bindings = visit.bindings();
  if ('seconds' in until) {
    return visit.thread.entered + 1000 * (await integerValue(visit, until.seconds, bindings, 0, MAX_SECONDS));
  }
  const value = await textValue(visit, until.timestamp, bindings);
  const due = instantOf(value);
  if (due !== undefined) return due;
  const cause = `The value '${value}' of the field 'Timestamp' is not a valid ISO-8601 extended offset date-time.`;
  throw queryFailure(cause, 'Timestamp');
}

/**
 * Milliseconds of an instant as Step Functions reads it: RFC 3339 with upper-case T and Z or an offset, and "up to
 * seconds", the fraction cut off (AWS developer guide, "Wait workflow state").
 */
export function instantOf(value: string): number | undefined {
  const parts = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.\d+)?(Z|[+-]\d{2}:\d{2})$/.exec(value);
  if (!parts) return undefined;
  const instant = Date.parse(`${parts[1]}${parts[2]}`);
  return Number.isNaN(instant) ? undefined : instant;
}
