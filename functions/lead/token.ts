/**
 * Signed links: `v1.<key id>.<payload>.<mac>`, the payload being base64url of `<subject>` or `<subject>|<expiry in
 * seconds>`. The MAC (HMAC-SHA-256, RFC 2104) covers version, key id, purpose, subject and expiry, so that a token made
 * for one purpose is worth nothing for another. No address stands in a token: the subject is made of ids.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Instant } from './event.ts';

export type Purpose = 'unsubscribe' | 'answer' | 'confirm' | 'preferences';

/** All keys that verify, and the one that signs. Keys are never removed: an old unsubscribe link must work. */
export interface TokenKeys {
  current: string;
  keys: Record<string, Uint8Array>;
}

export type Verified =
  | { ok: true; subject: string }
  | { ok: false; why: 'cut' | 'forged'; kid?: string }
  | { ok: false; why: 'expired'; kid: string; subject: string };

const VERSION = 'v1';
// No separator of ours may occur in what is signed, else two different claims could read the same.
const SUBJECT = /^[A-Za-z0-9_:.-]{1,200}$/;
const WHOLE = /^v1\.([A-Za-z0-9_-]{1,40})\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]{43})$/;

const mac = (key: Uint8Array, kid: string, purpose: Purpose, payload: string): Buffer =>
  createHmac('sha256', key).update([VERSION, kid, purpose, payload].join('|')).digest();

/**
 * A token for the subject (ids, joined with `:` where there are several).
 * @param expires none: it works for ever.
 * @throws Error when the subject holds other characters, or the current key is missing.
 */
export function signToken(claim: { purpose: Purpose; subject: string; expires?: Instant }, keys: TokenKeys): string {
  const key = keys.keys[keys.current];
  if (!key) throw new Error(`There is no token key ${keys.current}.`);
  if (!SUBJECT.test(claim.subject)) throw new Error('The subject of a token is made of ids.');
  const expiry = claim.expires ? `|${Math.ceil(Date.parse(claim.expires) / 1000)}` : '';
  const payload = `${claim.subject}${expiry}`;
  const signature = mac(key, keys.current, claim.purpose, payload).toString('base64url');
  return [VERSION, keys.current, Buffer.from(payload).toString('base64url'), signature].join('.');
}

/**
 * What a token says, if it is ours and still good.
 * @returns `cut`: not whole, as when a mail program broke the link; `forged`: another signature, key or purpose;
 * `expired`: ours, but too old; its subject may be told how things stand, and nothing done.
 */
export function verifyToken(token: string, purpose: Purpose, keys: TokenKeys, now: Instant): Verified {
  const [, kid = '', encoded = '', signature = ''] = WHOLE.exec(token) ?? [];
  if (!kid) return { ok: false, why: 'cut' };
  const key = Object.hasOwn(keys.keys, kid) ? keys.keys[kid] : undefined;
  if (!key) return { ok: false, why: 'forged', kid };
  const payload = Buffer.from(encoded, 'base64url').toString();
  if (!timingSafeEqual(mac(key, kid, purpose, payload), Buffer.from(signature, 'base64url'))) {
    return { ok: false, why: 'forged', kid };
  }
  // The last character of a MAC carries unused bits: only the spelling that we made is ours.
  if (Buffer.from(signature, 'base64url').toString('base64url') !== signature) return { ok: false, why: 'forged', kid };
  const [subject = '', expiry] = payload.split('|');
  if (expiry !== undefined && Number(expiry) * 1000 < Date.parse(now))
    return { ok: false, why: 'expired', kid, subject };
  return { ok: true, subject };
}
