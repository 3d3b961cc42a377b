/** The mails that the local SES has taken, on disk. */
import type { DatabaseSync } from 'node:sqlite';
import * as z from 'zod';

/** A mail as its recipients get it: the HTML is the tracked one. */
export const Mail = z.object({
  id: z.string(),
  messageId: z.string(),
  /** When SES took it: ms of engine time. */
  at: z.int(),
  from: z.string(),
  to: z.array(z.string()),
  cc: z.array(z.string()),
  replyTo: z.array(z.string()),
  recipients: z.array(z.string()),
  subject: z.string(),
  html: z.string().optional(),
  text: z.string().optional(),
  headers: z.array(z.object({ name: z.string(), value: z.string() })),
  tags: z.record(z.string(), z.string()),
  configurationSet: z.string().optional(),
  attachments: z.array(z.object({ name: z.string(), type: z.string() })),
  /** Clicks are told by the number of the link. */
  links: z.array(z.object({ url: z.string(), tags: z.record(z.string(), z.array(z.string())).nullable() })),
});
export type Mail = z.infer<typeof Mail>;

const Row = z.object({ seq: z.int(), content: z.string().transform((text) => Mail.parse(JSON.parse(text))) });

const Addressed = z.object({ at: z.int(), address: z.string() });

/** Which mails a page of the inbox lists. */
export interface Selection {
  /** A whole address, or a part of one; upper and lower case are the same. */
  to?: string | undefined;
  /** The `cursor` of the page before. */
  before?: number | undefined;
  limit: number;
}

export function createMails(db: DatabaseSync) {
  db.exec(`CREATE TABLE IF NOT EXISTS mails (seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,
    at INTEGER NOT NULL, content TEXT NOT NULL)`);
  db.exec('CREATE TABLE IF NOT EXISTS mail_recipients (address TEXT NOT NULL, seq INTEGER NOT NULL)');
  db.exec('CREATE INDEX IF NOT EXISTS mail_recipients_address ON mail_recipients (address, seq)');
  db.exec('CREATE INDEX IF NOT EXISTS mails_at ON mails (at)');
  const insert = db.prepare('INSERT INTO mails (id, at, content) VALUES (?, ?, ?)');
  const insertRecipient = db.prepare('INSERT INTO mail_recipients VALUES (?, ?)');
  const one = db.prepare('SELECT seq, content FROM mails WHERE id = ?');
  const since = db.prepare('SELECT at, address FROM mails JOIN mail_recipients USING (seq) WHERE at > ? ORDER BY seq');
  const newest = db.prepare('SELECT seq, content FROM mails WHERE seq < ? ORDER BY seq DESC LIMIT ?');
  const byAddress = db.prepare(`SELECT seq, content FROM mails WHERE seq IN
    (SELECT seq FROM mail_recipients WHERE address = ? AND seq < ?) ORDER BY seq DESC LIMIT ?`);
  const byPart = db.prepare(`SELECT seq, content FROM mails WHERE seq IN
    (SELECT seq FROM mail_recipients WHERE instr(address, ?) > 0 AND seq < ?) ORDER BY seq DESC LIMIT ?`);

  function select({ to, before = Number.MAX_SAFE_INTEGER, limit }: Selection): unknown[] {
    if (to === undefined || to === '') return newest.all(before, limit);
    const wanted = to.toLowerCase();
    return (/^[^@]+@[^@]+\.[^@.]+$/.test(wanted) ? byAddress : byPart).all(wanted, before, limit);
  }

  return {
    /** One of the writes of the caller's transaction. */
    add(mail: Mail): void {
      const { lastInsertRowid } = insert.run(mail.id, mail.at, JSON.stringify(mail));
      for (const recipient of mail.recipients) insertRecipient.run(recipient.toLowerCase(), lastInsertRowid);
    },
    find(id: string): Mail | undefined {
      const row = one.get(id);
      return row && Row.parse(row).content;
    },
    /** Newest first; `cursor` leads to the older ones, if there are any. */
    list(selection: Selection): { mails: Mail[]; cursor: number | undefined } {
      const rows = z.array(Row).parse(select({ ...selection, limit: selection.limit + 1 }));
      const page = rows.slice(0, selection.limit);
      return {
        mails: page.map((row) => row.content),
        cursor: rows.length > page.length ? page.at(-1)?.seq : undefined,
      };
    },
    /** When mails were taken after `at` (ms), oldest first, and for whom: one entry for each recipient. */
    since: (at: number): { at: number; recipients: string[] }[] =>
      z
        .array(Addressed)
        .parse(since.all(at))
        .map((row) => ({ at: row.at, recipients: [row.address] })),
  };
}
export type Mails = ReturnType<typeof createMails>;
