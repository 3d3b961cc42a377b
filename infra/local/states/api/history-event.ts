/** A history event as GetExecutionHistory answers it. */
import type { JsonObject } from '../json.ts';
import type { HistoryEvent } from '../storage/history.ts';
import { seconds } from './request.ts';

const DATA = new Set(['input', 'inputDetails', 'output', 'outputDetails']);

export function historyEvent({ id, previous, at, type, details }: HistoryEvent, withData: boolean) {
  const shown = details && !withData ? withoutData(details) : details;
  return {
    timestamp: seconds(at),
    type,
    id,
    previousEventId: previous,
    ...(shown && { [detailsMember(type)]: shown }),
  };
}

/** `PassStateEntered` → `stateEnteredEventDetails`; `TaskScheduled` → `taskScheduledEventDetails`. */
function detailsMember(type: string): string {
  const shared = /State(Entered|Exited)$/.exec(type)?.[1];
  const name = shared ? `state${shared}` : type.charAt(0).toLowerCase() + type.slice(1);
  return `${name}EventDetails`;
}

function withoutData(details: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(details).filter(([member]) => !DATA.has(member)));
}
