/**
 * A signed POST to a webhook of the settings. The receiver proves that it came from here and is fresh by
 * `Ripen-Signature: v1=<hex HMAC-SHA-256(secret, id + "." + timestamp + "." + body)>`, and knows a repeated one by
 * `Ripen-Id`.
 */
import { createHmac } from 'node:crypto';
import type { Instant } from '../lead/event.ts';

export type WebhookOutcome =
  | { kind: 'delivered'; status: number }
  /** Worth another try: no answer, or one that says "later". */
  | { kind: 'retryable'; why: string }
  /** The receiver will not take it, however often. */
  | { kind: 'final'; why: string };

const TIMEOUT_MS = 5000;
// 408 time-out, 425 too early, 429 too many: the receiver asks for another try. Other 4xx judge the request itself.
const LATER = new Set([408, 425, 429]);

/** The headers that sign `body`; the timestamp is in seconds since the epoch. */
export function signature(secret: string, id: string, body: string, now: Instant): Record<string, string> {
  const timestamp = String(Math.floor(Date.parse(now) / 1000));
  const mac = createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`).digest('hex');
  return { 'Ripen-Id': id, 'Ripen-Timestamp': timestamp, 'Ripen-Signature': `v1=${mac}` };
}

/**
 * Posts `payload` as JSON. Follows no redirect: it could lead a lead's data elsewhere. Never throws for what the
 * network does.
 * @param id stays the same over retries, so that the receiver applies it once.
 */
export async function postWebhook(hook: {
  url: string;
  secret: string;
  id: string;
  payload: unknown;
  now: Instant;
}): Promise<WebhookOutcome> {
  const body = JSON.stringify(hook.payload);
  try {
    const answer = await fetch(hook.url, {
      method: 'POST',
      redirect: 'manual',
      headers: {
        'Content-Type': 'application/json',
        'User-Agent': 'Ripen/1',
        ...signature(hook.secret, hook.id, body, hook.now),
      },
      body,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    await answer.body?.cancel();
    return outcomeOf(answer.status);
  } catch (error) {
    return { kind: 'retryable', why: error instanceof Error ? `${error.name}: ${causeOf(error)}` : 'no answer' };
  }
}

function outcomeOf(status: number): WebhookOutcome {
  if (status >= 200 && status < 300) return { kind: 'delivered', status };
  const why = `answered ${status}`;
  return status >= 500 || LATER.has(status) ? { kind: 'retryable', why } : { kind: 'final', why };
}

// What `fetch` itself says is only "fetch failed".
const causeOf = (error: Error): string => (error.cause instanceof Error ? error.cause.message : error.message);
