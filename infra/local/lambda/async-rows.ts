/** Asynchronous invocations on disk. */
import { randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import * as z from 'zod';

const Row = z.object({
  id: z.number(),
  function: z.string(),
  payload: z.string(),
  request_id: z.string(),
  accepted: z.number(),
  attempt: z.number(),
});
export type Row = z.infer<typeof Row>;

/** The events on disk. `attempt` counts the attempts made; what has been tried is due again at `due`. */
export function openRows(db: DatabaseSync) {
  // AUTOINCREMENT: ids are read in order and must never come again.
  db.exec(`CREATE TABLE IF NOT EXISTS async_events (
    id INTEGER PRIMARY KEY AUTOINCREMENT, function TEXT NOT NULL, payload TEXT NOT NULL, request_id TEXT NOT NULL,
    accepted INTEGER NOT NULL, attempt INTEGER NOT NULL, due INTEGER)`);
  const insert = db.prepare(
    'INSERT INTO async_events (function, payload, request_id, accepted, attempt) VALUES (?, ?, ?, ?, 0)',
  );
  const remove = db.prepare('DELETE FROM async_events WHERE id = ?');
  const postpone = db.prepare('UPDATE async_events SET attempt = ?, due = ? WHERE id = ?');
  const one = db.prepare('SELECT * FROM async_events WHERE id = ?');
  const fresh = db.prepare('SELECT * FROM async_events WHERE id > ? AND attempt = 0 ORDER BY id LIMIT ?');
  const postponed = db.prepare('SELECT id, due FROM async_events WHERE attempt > 0 ORDER BY due, id');
  const Postponed = z.array(z.object({ id: z.number(), due: z.number() }));
  return {
    insert: (function_: string, payload: string, accepted: number): void =>
      void insert.run(function_, payload, randomUUID(), accepted),
    remove: (id: number): void => void remove.run(id),
    postpone: (id: number, attempt: number, due: number): void => void postpone.run(attempt, due, id),
    one: (id: number): Row | undefined => Row.optional().parse(one.get(id)),
    fresh: (after: number, most: number): Row[] => z.array(Row).parse(fresh.all(after, most)),
    postponed: () => Postponed.parse(postponed.all()),
  };
}
