/** The account-level suppression list. */
import type { DatabaseSync } from 'node:sqlite';
import * as z from 'zod';
import { AwsError, type Clock } from '../part.ts';
import { badRequest } from './refusal.ts';
import { isSimulated, type SuppressionReason } from './simulator.ts';

const Row = z.object({ address: z.string(), reason: z.enum(['BOUNCE', 'COMPLAINT']), updated: z.int() });
const Put = z.object({ EmailAddress: z.string().min(1), Reason: z.enum(['BOUNCE', 'COMPLAINT']) });

export function createSuppression(db: DatabaseSync, clock: Clock) {
  // Sending does not tell upper from lower case; looking up does. So both are kept.
  db.exec(`CREATE TABLE IF NOT EXISTS suppressed_addresses (address TEXT PRIMARY KEY, folded TEXT NOT NULL,
    reason TEXT NOT NULL, updated INTEGER NOT NULL)`);
  db.exec('CREATE INDEX IF NOT EXISTS suppressed_addresses_folded ON suppressed_addresses (folded)');
  const put = db.prepare('INSERT OR REPLACE INTO suppressed_addresses VALUES (?, ?, ?, ?)');
  const get = db.prepare('SELECT * FROM suppressed_addresses WHERE address = ?');
  const folded = db.prepare('SELECT * FROM suppressed_addresses WHERE folded = ? LIMIT 1');
  const remove = db.prepare('DELETE FROM suppressed_addresses WHERE address = ?');
  const all = db.prepare('SELECT * FROM suppressed_addresses WHERE address > ? ORDER BY address LIMIT ?');

  const add = (address: string, reason: SuppressionReason): void =>
    void put.run(address, address.toLowerCase(), reason, clock.now());

  function found(address: string): z.infer<typeof Row> {
    const row = get.get(address);
    if (!row)
      throw new AwsError('NotFoundException', `Email address ${address} does not exist on your suppression list.`, 404);
    return Row.parse(row);
  }

  function list(query: URLSearchParams): unknown {
    const size = Number(query.get('PageSize') ?? 1000);
    const rows = z.array(Row).parse(all.all(query.get('NextToken') ?? '', size + 1));
    const reasons = query.getAll('Reason');
    const page = rows.slice(0, size);
    const next = rows.length > size ? { NextToken: page.at(-1)?.address } : {};
    return {
      SuppressedDestinationSummaries: page
        .filter((row) => reasons.length === 0 || reasons.includes(row.reason))
        .map(answer),
      ...next,
    };
  }

  return {
    reasonFor(address: string): SuppressionReason | undefined {
      const row = folded.get(address.toLowerCase());
      return row && Row.parse(row).reason;
    },
    /** What SES does after a hard bounce or a complaint; addresses of the simulator are never listed. */
    learn(addresses: string[], reason: SuppressionReason): void {
      for (const address of addresses) if (!isSimulated(address)) add(address, reason);
    },
    /** `/v2/email/suppression/addresses`, with an address or without. @throws AwsError */
    handle(
      method: string,
      address: string | undefined,
      query: URLSearchParams,
      body: Record<string, unknown>,
    ): unknown {
      if (address === undefined && method === 'PUT') {
        const input = Put.safeParse(body);
        if (!input.success) throw badRequest(z.prettifyError(input.error));
        add(input.data.EmailAddress, input.data.Reason);
        return {};
      }
      if (address === undefined && method === 'GET') return list(query);
      if (address !== undefined && method === 'GET') return { SuppressedDestination: answer(found(address)) };
      if (address !== undefined && method === 'DELETE') {
        remove.run(found(address).address);
        return {};
      }
      throw new AwsError('UnknownOperationException', `The local SES has no ${method} on its suppression list`, 404);
    },
  };
}
export type Suppression = ReturnType<typeof createSuppression>;

/** Times in the REST JSON protocol are seconds since the epoch. */
function answer(row: z.infer<typeof Row>): unknown {
  return { EmailAddress: row.address, Reason: row.reason, LastUpdateTime: row.updated / 1000 };
}
