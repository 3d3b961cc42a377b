/** The events of executions, in the words of GetExecutionHistory. */
import type { DatabaseSync } from 'node:sqlite';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { JsonObject } from '../json.ts';
import { statement } from './statement.ts';

/** An execution that reaches this many events fails (AWS service quotas). */
export const HISTORY_LIMIT = 25_000;

/** An event before it has its number. */
export interface Draft {
  type: string;
  details?: JsonObject;
}

export interface HistoryEvent extends Draft {
  id: number;
  previous: number;
  /** Milliseconds. */
  at: number;
}

/** Thrown when an event would be the one that AWS keeps for the failure. */
export class HistoryFull extends Error {}

/** The events of one transition, numbered on. */
export interface Chapter {
  /** Adds an event and gives its number. @throws HistoryFull */
  add(draft: Draft, previous: number): number;
  /** Adds the event that ends the execution, for which there is always room. */
  end(draft: Draft, previous: number): number;
  /** Number of the last event; stores what was added. */
  write(): number;
}

export interface History {
  open(execution: number, events: number, at: number): Chapter;
  read(execution: number): HistoryEvent[];
  /** Packs the history of an execution that has ended; inputs and outputs repeat, so a tenth of it remains. */
  pack(execution: number): void;
  delete(execution: number): void;
}

type Packed = [id: number, previous: number, at: number, type: string, details?: JsonObject];

export function createHistory(db: DatabaseSync): History {
  const add = statement(
    db,
    'INSERT INTO states_history (execution, first, events) VALUES (:execution, :first, :events)',
  );
  const read = statement<{ events: string | Uint8Array }>(
    db,
    'SELECT events FROM states_history WHERE execution = :execution ORDER BY first',
  );
  const remove = statement(db, 'DELETE FROM states_history WHERE execution = :execution');
  const load = (execution: number) => read.all({ execution }).flatMap(({ events }) => textOf(events));
  return {
    open(execution, events, at) {
      return chapter(events, at, (first, packed) => add.run({ execution, first, events: JSON.stringify(packed) }));
    },
    read: (execution) => load(execution).flatMap((text) => unpack(JSON.parse(text))),
    pack(execution) {
      // Each text is a JSON list; without its brackets it is a part of the whole.
      const whole = `[${load(execution)
        .map((text) => text.slice(1, -1))
        .join(',')}]`;
      remove.run({ execution });
      add.run({ execution, first: 1, events: deflateRawSync(whole, { level: 1 }) });
    },
    delete: (execution) => void remove.run({ execution }),
  };
}

function textOf(events: string | Uint8Array): string {
  return typeof events === 'string' ? events : inflateRawSync(events).toString();
}

function chapter(events: number, at: number, store: (first: number, packed: Packed[]) => void): Chapter {
  let packed: Packed[] = [];
  let last = events;
  const push = ({ type, details }: Draft, previous: number): number => {
    last += 1;
    packed.push(details ? [last, previous, at, type, details] : [last, previous, at, type]);
    return last;
  };
  return {
    add(draft, previous) {
      if (last + 1 >= HISTORY_LIMIT) throw new HistoryFull();
      return push(draft, previous);
    },
    end: push,
    write() {
      if (packed.length > 0) store(last - packed.length + 1, packed);
      packed = [];
      return last;
    },
  };
}

function unpack(packed: Packed[]): HistoryEvent[] {
  return packed.map(([id, previous, at, type, details]) => ({ id, previous, at, type, ...(details && { details }) }));
}
