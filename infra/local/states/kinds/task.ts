/** Task: calls a service, and goes on with its answer or when the token comes back. */
import { type Failure, tooLarge } from '../failure.ts';
import { isRecord, isTooLarge, type Json, parseJson } from '../json.ts';
import { integerTemplate, MAX_SECONDS, note, type Part, requireFields, template, text } from '../machine/field.ts';
import { leaving } from '../machine/leaving.ts';
import type { TaskState } from '../machine/machine.ts';
import { catchers, retriers } from '../machine/recovery.ts';
import type { Resource, Resources } from '../resources/resource.ts';
import { outputDetails } from '../run/event.ts';
import { leave } from '../run/leave.ts';
import { explained, guarded, recover } from '../run/recover.ts';
import type { Step } from '../run/step.ts';
import { newToken } from '../run/token.ts';
import { integerValue } from '../run/typed-value.ts';
import type { Visit } from '../run/visit.ts';
import type { Draft } from '../storage/history.ts';

export function compileTask(part: Part, name: string, resources: Resources): TaskState | undefined {
  requireFields(part, 'Resource');
  const arn = text(part, 'Resource');
  const resource = arn === undefined ? undefined : resources.get(arn);
  if (arn !== undefined && !resource)
    note(part, `The resource '${arn}' is not supported by the local engine`, 'Resource');
  if (resource) checkArguments(part, resource);
  checkHeartbeat(part);
  const state = {
    type: 'Task' as const,
    name,
    arguments: template(part, 'Arguments'),
    timeoutSeconds: integerTemplate(part, 'TimeoutSeconds', 1, MAX_SECONDS),
    heartbeatSeconds: integerTemplate(part, 'HeartbeatSeconds', 1, MAX_SECONDS),
    retry: retriers(part),
    catch: catchers(part),
    ...leaving(part, ['result']),
  };
  return resource && { ...state, resource };
}

function checkArguments(part: Part, { known, required, arn }: Resource): void {
  const given = part.fields.Arguments;
  if (!isRecord(given)) return;
  for (const field of Object.keys(given)) {
    if (!known.includes(field)) note(part, `The field '${field}' is not supported for ${arn}`, `Arguments/${field}`);
  }
  for (const field of required) {
    if (given[field] === undefined) note(part, `The field '${field}' is required but was missing`, 'Arguments');
  }
}

function checkHeartbeat(part: Part): void {
  const { TimeoutSeconds: timeout, HeartbeatSeconds: heartbeat } = part.fields;
  if (typeof timeout === 'number' && typeof heartbeat === 'number' && heartbeat >= timeout) {
    note(part, 'HeartbeatSeconds must be smaller than TimeoutSeconds', 'HeartbeatSeconds');
  }
}

/** Evaluates what the call needs, so that it is on disk before the call is made. */
export async function scheduleTask(visit: Visit, state: TaskState): Promise<Step> {
  const { resource } = state;
  const token = resource.waitsForToken ? newToken(visit.thread.id) : undefined;
  const bindings = visit.bindings({ token });
  const input = state.arguments ? await state.arguments.evaluate(bindings, visit.now) : visit.input;
  const parameters = JSON.stringify(input);
  if (isTooLarge(parameters)) throw tooLarge(state.name);
  const timeout = state.timeoutSeconds && (await integerValue(visit, state.timeoutSeconds, bindings, 1, MAX_SECONDS));
  const heartbeat =
    state.heartbeatSeconds && (await integerValue(visit, state.heartbeatSeconds, bindings, 1, MAX_SECONDS));
  const deadline = timeout === undefined ? null : visit.now() + timeout * 1000;
  const scheduled = {
    ...resourceDetails(resource),
    region: visit.execution.arn.split(':')[3] ?? '',
    parameters,
    ...(timeout !== undefined && { timeoutInSeconds: timeout }),
    ...(heartbeat !== undefined && { heartbeatInSeconds: heartbeat }),
  };
  return {
    kind: 'rest',
    phase: 'task',
    events: [
      { type: 'TaskScheduled', details: scheduled },
      { type: 'TaskStarted', details: resourceDetails(resource) },
    ],
    changes: {
      work: parameters,
      token: token ?? null,
      timeout: deadline,
      due: deadline,
      heartbeat: heartbeat === undefined ? null : heartbeat * 1000,
    },
  };
}

/** Calls the service. After a restart it is simply called again, with the same input and the same token. */
export async function callTask(visit: Visit, state: TaskState): Promise<Step> {
  const { resource } = state;
  const { execution, thread } = visit;
  const caller = {
    executionArn: execution.arn,
    machineArn: execution.machine,
    attempt: `${execution.id}-${thread.id}-${thread.entered_event}-${thread.retries}`,
  };
  const outcome = await resource.call(parseJson(thread.work ?? 'null'), caller);
  if (!outcome.ok) return failTask(visit, state, outcome.failure);
  const text = JSON.stringify(outcome.result);
  if (isTooLarge(text)) return failTask(visit, state, explained(visit, tooLarge(resource.action).failure));
  const details = { ...resourceDetails(resource), ...outputDetails(text) };
  if (!resource.waitsForToken) return finishTask(visit, state, outcome.result, [{ type: 'TaskSucceeded', details }]);
  // The heartbeat starts to count when the function has returned (AWS developer guide, "Invoke a Lambda function").
  const beat = thread.heartbeat === null ? Number.POSITIVE_INFINITY : visit.now() + thread.heartbeat;
  const due = Math.min(beat, thread.timeout ?? Number.POSITIVE_INFINITY);
  return {
    kind: 'rest',
    phase: 'token',
    events: [{ type: 'TaskSubmitted', details }],
    changes: { work: null, due: Number.isFinite(due) ? due : null },
  };
}

/** The task has its result; `events` tell so, unless they were recorded with it. */
export function finishTask(visit: Visit, state: TaskState, result: Json, events: Draft[]): Promise<Step> {
  return guarded(visit, events, () => leave(visit, state, result, { result }, events));
}

function failTask(visit: Visit, { resource }: TaskState, failure: Failure): Promise<Step> {
  return recover(visit, failure, [{ type: 'TaskFailed', details: failedDetails(resource, failure) }]);
}

export function resourceDetails({ type, action }: Resource) {
  return { resourceType: type, resource: action };
}

export function failedDetails(resource: Resource, { error, cause }: Failure) {
  return { ...resourceDetails(resource), error, ...(cause !== undefined && { cause }) };
}
