/** Signing and verifying links with the keys of the secret, read once and again only when an unknown key id comes. */
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod/mini';
import { env } from '../env.ts';
import type { Instant } from '../lead/event.ts';
import { type Purpose, signToken, type TokenKeys, type Verified, verifyToken } from '../lead/token.ts';
import { lean } from './lean.ts';

const secrets = lean(
  new SecretsManagerClient({
    cacheMiddleware: true,
    maxAttempts: 3,
    requestHandler: { connectionTimeout: 1000, requestTimeout: 3000, throwOnRequestTimeout: true },
  }),
  'secretsmanager',
);

const withCurrent = z.object({ current: z.string(), keys: z.record(z.string(), z.string()) });
const byNumber = z.record(z.string().check(z.regex(/^k\d+$/)), z.string().check(z.minLength(16)));

/**
 * The keys in the text of the secret: `{"current": kid, "keys": {kid: base64}}`, or as the stack makes it
 * `{"k1": "<random text>"}`, where the highest number signs.
 * @throws Error when it is neither, without quoting it.
 */
export function keysOf(secret: string): TokenKeys {
  const json = jsonOf(secret);
  const full = withCurrent.safeParse(json);
  if (full.success) return { current: full.data.current, keys: bytes(full.data.keys, 'base64') };
  const numbered = byNumber.safeParse(json);
  const newest = Object.keys(numbered.data ?? {}).sort((a, b) => Number(b.slice(1)) - Number(a.slice(1)))[0];
  if (!numbered.success || !newest) throw new Error('The secret of the token keys has no known shape.');
  return { current: newest, keys: bytes(numbered.data, 'utf8') };
}

function jsonOf(secret: string): unknown {
  try {
    return JSON.parse(secret);
  } catch {
    throw new Error('The secret of the token keys is not JSON.');
  }
}

const bytes = (keys: Record<string, string>, encoding: BufferEncoding): Record<string, Uint8Array> =>
  Object.fromEntries(Object.entries(keys).map(([kid, key]) => [kid, Buffer.from(key, encoding)]));

let cached: { keys: Promise<TokenKeys>; readAt: number } | undefined;
// A forged key id must not make us ask for the secret with each request.
const AGAIN_MS = 60_000;

function tokenKeys(now: Instant, { again = false } = {}): Promise<TokenKeys> {
  const at = Date.parse(now);
  if (!cached || (again && at - cached.readAt >= AGAIN_MS)) {
    const keys = readKeys();
    cached = { keys, readAt: at };
    keys.catch(() => {
      cached = undefined;
    });
  }
  return cached.keys;
}

async function readKeys(): Promise<TokenKeys> {
  const { SecretString } = await secrets.send(new GetSecretValueCommand({ SecretId: env('tokenKeys') }));
  return keysOf(SecretString ?? '');
}

/** A token under the current key. `subject`: ids joined with `:`. */
export async function sign(
  claim: { purpose: Purpose; subject: string; expires?: Instant },
  now: Instant,
): Promise<string> {
  return signToken(claim, await tokenKeys(now));
}

/** What a token says. A key that is newer than the ones in memory is looked up. */
export async function verify(token: string, purpose: Purpose, now: Instant): Promise<Verified> {
  const keys = await tokenKeys(now);
  const verified = verifyToken(token, purpose, keys, now);
  if (verified.ok || verified.why !== 'forged' || !verified.kid || Object.hasOwn(keys.keys, verified.kid))
    return verified;
  return verifyToken(token, purpose, await tokenKeys(now, { again: true }), now);
}
