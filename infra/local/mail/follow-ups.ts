/** The events that follow from taking a mail: stored with it, told one after the other, also after a restart. */
import * as z from 'zod';
import type { Parts } from '../part.ts';
import { inTransaction } from '../transaction.ts';
import { sesEvent } from './event.ts';
import type { Mails } from './mails.ts';
import { BOUNCE_CAUSES, type Outcome } from './simulator.ts';

const recipients = z.array(z.string());
const StoredOutcome: z.ZodType<Outcome> = z.discriminatedUnion('type', [
  z.object({ type: z.literal('Send') }),
  z.object({ type: z.literal('Reject') }),
  z.object({ type: z.literal('Delivery'), recipients }),
  z.object({
    type: z.literal('Bounce'),
    recipients,
    cause: z.enum(BOUNCE_CAUSES),
  }),
  z.object({ type: z.literal('Complaint'), recipients, cause: z.enum(['reported', 'suppressed']) }),
]);
const Row = z.object({
  seq: z.int(),
  mail: z.string(),
  outcome: z.string().transform((text) => StoredOutcome.parse(JSON.parse(text))),
});

export function createFollowUps(
  parts: Pick<Parts, 'db' | 'clock' | 'activity' | 'buses' | 'region' | 'account'>,
  mails: Mails,
) {
  const { db, clock } = parts;
  db.exec(`CREATE TABLE IF NOT EXISTS mail_follow_ups (seq INTEGER PRIMARY KEY AUTOINCREMENT, mail TEXT NOT NULL,
    outcome TEXT NOT NULL)`);
  const insert = db.prepare('INSERT INTO mail_follow_ups (mail, outcome) VALUES (?, ?)');
  const ofMail = db.prepare('SELECT * FROM mail_follow_ups WHERE mail = ? ORDER BY seq');
  const open = db.prepare('SELECT DISTINCT mail FROM mail_follow_ups ORDER BY seq');
  const remove = db.prepare('DELETE FROM mail_follow_ups WHERE seq = ?');

  /** Each event is on the bus in the transaction that forgets it here. A moment lies between them, so that they sort. */
  function tell(id: string): void {
    const mail = mails.find(id);
    if (!mail) return;
    let at = mail.at;
    for (const row of z.array(Row).parse(ofMail.all(id))) {
      at = row.outcome.type === 'Send' ? mail.at : Math.max(clock.now(), at + 1);
      inTransaction(db, () => {
        parts.buses.put([sesEvent(mail, row.outcome, at, parts)]);
        remove.run(row.seq);
      });
    }
  }

  /** In a turn of its own: the caller's transaction and its answer come first. */
  function start(id: string): void {
    void parts.activity.track(new Promise<void>((resolve) => setImmediate(resolve)).then(() => tell(id)));
  }

  return {
    /** Stores what follows; a write of the caller's transaction. */
    add(id: string, outcomes: Outcome[]): void {
      for (const outcome of outcomes) insert.run(id, JSON.stringify(outcome));
      if (outcomes.length > 0) start(id);
    },
    resume(): void {
      for (const { mail } of z.array(z.object({ mail: z.string() })).parse(open.all())) start(mail);
    },
  };
}
export type FollowUps = ReturnType<typeof createFollowUps>;
