/** Requests that functions made to other hosts: kept instead of sent, and answered `200 {}`. */
import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { DatabaseSync } from 'node:sqlite';
import * as z from 'zod';
import type { Answer } from './http/api-event.ts';
import { CAPTURED } from './lambda/captured.ts';
import type { Clock } from './part.ts';

export interface OutboundRequest {
  /** ISO 8601, engine time. */
  at: string;
  method: string;
  url: string;
  headers: Record<string, string>;
  /** As text; base64 where the bytes are no UTF-8. */
  body: string;
}

export interface Outbound {
  /** Keeps a request that a function's thread redirected here; undefined when the request is not one. */
  capture(request: IncomingMessage, body: Buffer): Answer | undefined;
  /** All that was kept, the oldest first. */
  list(): OutboundRequest[];
}

const Row = z.object({ at: z.number(), method: z.string(), url: z.string(), headers: z.string(), body: z.string() });
const Headers_ = z.record(z.string(), z.string());

/** Of the way from the thread to here, not of the request. */
const HOP = new Set([
  'connection',
  'host',
  'keep-alive',
  'transfer-encoding',
  'content-length',
  ...Object.values(CAPTURED),
]);

/** @param token shows that a request comes from a function's thread. */
export function createOutbound(db: DatabaseSync, clock: Clock, token: string): Outbound {
  db.exec(`CREATE TABLE IF NOT EXISTS outbound (
    id INTEGER PRIMARY KEY, at INTEGER NOT NULL, method TEXT NOT NULL, url TEXT NOT NULL, headers TEXT NOT NULL, body TEXT NOT NULL)`);
  const insert = db.prepare('INSERT INTO outbound (at, method, url, headers, body) VALUES (?, ?, ?, ?, ?)');
  const select = db.prepare('SELECT at, method, url, headers, body FROM outbound ORDER BY id');

  return {
    capture(request, body) {
      const { [CAPTURED.token]: shown, [CAPTURED.url]: url } = request.headers;
      if (typeof shown !== 'string' || typeof url !== 'string' || !isEqual(shown, token)) return undefined;
      const headers: Record<string, string> = {};
      for (const [name, value] of Object.entries(request.headers)) {
        if (!HOP.has(name) && value !== undefined) headers[name] = String(value);
      }
      insert.run(clock.now(), request.method ?? 'GET', url, JSON.stringify(headers), textOf(body));
      return { status: 200, headers: { 'content-type': 'application/json' }, body: '{}' };
    },
    list: () =>
      z
        .array(Row)
        .parse(select.all())
        .map(({ at, headers, ...row }) => ({
          ...row,
          at: new Date(at).toISOString(),
          headers: Headers_.parse(JSON.parse(headers)),
        })),
  };
}

function isEqual(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

function textOf(body: Buffer): string {
  const text = body.toString('utf8');
  return Buffer.from(text, 'utf8').equals(body) ? text : body.toString('base64');
}
