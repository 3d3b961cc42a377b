/** The messages of all queues, on disk. Times are ms of engine time. */
import { randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import * as z from 'zod';
import type { Clock } from '../part.ts';
import { inTransaction } from '../transaction.ts';
import { MessageAttributes } from './attributes.ts';
import type { Queue } from './definition.ts';

const Row = z.object({
  seq: z.int(),
  id: z.string(),
  body: z.string(),
  attributes: z.string().transform((text) => MessageAttributes.parse(JSON.parse(text))),
  sent: z.int(),
  receives: z.int(),
  first_received: z.int().nullable(),
});

export interface Received {
  id: string;
  body: string;
  attributes: MessageAttributes;
  sent: number;
  receives: number;
  firstReceived: number;
  receipt: string;
}

const Counts = z.object({ visible: z.int(), delayed: z.int(), inFlight: z.int() });

export function createMessages(db: DatabaseSync, clock: Clock) {
  db.exec(`CREATE TABLE IF NOT EXISTS queue_messages (seq INTEGER PRIMARY KEY AUTOINCREMENT, queue TEXT NOT NULL,
    id TEXT NOT NULL, body TEXT NOT NULL, attributes TEXT NOT NULL, sent INTEGER NOT NULL, visible INTEGER NOT NULL,
    receives INTEGER NOT NULL, first_received INTEGER, receipt TEXT)`);
  db.exec('CREATE INDEX IF NOT EXISTS queue_messages_visible ON queue_messages (queue, visible)');
  const insert = db.prepare(
    'INSERT INTO queue_messages (queue, id, body, attributes, sent, visible, receives) VALUES (?, ?, ?, ?, ?, ?, 0)',
  );
  const due = db.prepare('SELECT * FROM queue_messages WHERE queue = ? AND visible <= ? ORDER BY visible, seq LIMIT ?');
  const take = db.prepare(
    'UPDATE queue_messages SET receives = receives + 1, first_received = coalesce(first_received, ?), visible = ?, receipt = ? WHERE seq = ?',
  );
  const move = db.prepare(
    'UPDATE queue_messages SET queue = ?, visible = ?, receives = 0, first_received = NULL, receipt = NULL WHERE seq = ?',
  );
  const remove = db.prepare('DELETE FROM queue_messages WHERE queue = ? AND receipt = ?');
  const setVisible = db.prepare('UPDATE queue_messages SET visible = ? WHERE queue = ? AND receipt = ?');
  const expire = db.prepare('DELETE FROM queue_messages WHERE queue = ? AND sent <= ?');
  const count = db.prepare(`SELECT coalesce(sum(visible <= :now), 0) AS visible,
    coalesce(sum(visible > :now AND receipt IS NULL), 0) AS delayed,
    coalesce(sum(visible > :now AND receipt IS NOT NULL), 0) AS inFlight FROM queue_messages WHERE queue = :queue`);
  const next = db.prepare('SELECT min(visible) AS visible FROM queue_messages WHERE queue = ?');
  const purge = db.prepare('DELETE FROM queue_messages WHERE queue = ?');

  const dropExpired = (queue: Queue): void => void expire.run(queue.name, clock.now() - queue.retention * 1000);

  /** Takes one message, or moves it to the dead-letter queue when it was received too often. */
  function receiveOne(queue: Queue, row: z.infer<typeof Row>, visibilityTimeout: number): Received[] {
    const now = clock.now();
    if (queue.redrive && row.receives >= queue.redrive.maxReceives) {
      move.run(queue.redrive.deadLetterQueue.split(':').at(-1) ?? '', now, row.seq);
      return [];
    }
    const receipt = randomUUID();
    take.run(now, now + visibilityTimeout * 1000, receipt, row.seq);
    const { id, body, attributes, sent } = row;
    return [
      { id, body, attributes, sent, receives: row.receives + 1, firstReceived: row.first_received ?? now, receipt },
    ];
  }

  return {
    /** Returns the message id. `delay` in seconds. */
    add(queue: Queue, body: string, attributes: MessageAttributes, delay: number): string {
      const id = randomUUID();
      const now = clock.now();
      insert.run(queue.name, id, body, JSON.stringify(attributes), now, now + delay * 1000);
      return id;
    },
    /** Up to `max` messages, hidden for `visibilityTimeout` seconds. */
    receive(queue: Queue, max: number, visibilityTimeout: number): Received[] {
      return inTransaction(db, () => {
        dropExpired(queue);
        const rows = z.array(Row).parse(due.all(queue.name, clock.now(), max));
        return rows.flatMap((row) => receiveOne(queue, row, visibilityTimeout));
      });
    },
    /** A receipt that has become stale deletes nothing, which SQS also answers as success. */
    remove: (queue: Queue, receipt: string): void => void remove.run(queue.name, receipt),
    /** False when the receipt is not that of a message in flight. */
    hide(queue: Queue, receipt: string, seconds: number): boolean {
      return setVisible.run(clock.now() + seconds * 1000, queue.name, receipt).changes > 0;
    },
    count(queue: Queue) {
      dropExpired(queue);
      return Counts.parse(count.get({ now: clock.now(), queue: queue.name }));
    },
    /** When the next message can be received, if there is any. */
    nextVisible(queue: Queue): number | undefined {
      return z.object({ visible: z.int().nullable() }).parse(next.get(queue.name)).visible ?? undefined;
    },
    purge: (queue: Queue): void => void purge.run(queue.name),
  };
}
