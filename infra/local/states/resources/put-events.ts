/** `events:putEvents`. */
import * as z from 'zod';
import { AwsError, type BusEntry, type Buses } from '../../part.ts';
import type { Json } from '../json.ts';
import { type Caller, type Outcome, type Resource, runtimeFailure } from './resource.ts';

const Entry = z.strictObject({
  Source: z.string(),
  DetailType: z.string(),
  /** The integration also takes an object where the API wants its JSON. */
  Detail: z.union([z.string(), z.record(z.string(), z.json())]),
  EventBusName: z.string().optional(),
  Resources: z.array(z.string()).optional(),
  Time: z.string().optional(),
});
const Request = z.strictObject({ Entries: z.array(Entry).min(1).max(10) });

export function putEvents(buses: Buses): Resource {
  return {
    arn: 'arn:aws:states:::events:putEvents',
    type: 'events',
    action: 'putEvents',
    waitsForToken: false,
    known: ['Entries'],
    required: ['Entries'],
    call: async (input, caller) => put(buses, input, caller),
  };
}

function put(buses: Buses, input: Json, caller: Caller): Outcome {
  const request = Request.safeParse(input);
  if (!request.success)
    return runtimeFailure(`The arguments of events:putEvents are not valid: ${z.prettifyError(request.error)}`);
  try {
    const ids = buses.put(request.data.Entries.map((entry) => entryOf(entry, caller)));
    return { ok: true, result: { Entries: ids.map((EventId) => ({ EventId })), FailedEntryCount: 0 } };
  } catch (error) {
    if (!(error instanceof AwsError) && !(error instanceof SyntaxError)) throw error;
    const cause = JSON.stringify({
      FailedEntryCount: 1,
      Entries: [{ ErrorCode: error.name, ErrorMessage: error.message }],
    });
    return { ok: false, failure: { error: 'EventBridge.FailedEntry', cause } };
  }
}

/** Step Functions adds its execution and machine to the resources of each event. */
function entryOf(entry: z.infer<typeof Entry>, caller: Caller): BusEntry {
  const { Source, DetailType, Detail, EventBusName, Resources = [], Time } = entry;
  return {
    source: Source,
    detailType: DetailType,
    detail: typeof Detail === 'string' ? JSON.parse(Detail) : Detail,
    resources: [...Resources, caller.executionArn, caller.machineArn],
    ...(EventBusName !== undefined && { bus: EventBusName }),
    ...(Time !== undefined && { time: Time }),
  };
}
