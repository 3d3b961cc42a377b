/** The secrets that webhooks are signed with: one JSON object by name, read once and kept for five minutes. */
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod/mini';
import { env } from '../env.ts';
import type { Instant } from '../lead/event.ts';
import { lean } from './lean.ts';

const secrets = lean(
  new SecretsManagerClient({
    cacheMiddleware: true,
    maxAttempts: 3,
    requestHandler: { connectionTimeout: 1000, requestTimeout: 3000, throwOnRequestTimeout: true },
  }),
  'secretsmanager',
);

const shape = z.record(z.string(), z.string());
const KEPT_MS = 5 * 60_000;
let cached: { secrets: Record<string, string>; until: number } | undefined;

/** @throws Error naming the secret when nobody has put it there; never with a value. */
export async function webhookSecret(name: string, now: Instant): Promise<string> {
  const at = Date.parse(now);
  if (!cached || cached.until < at || !Object.hasOwn(cached.secrets, name)) {
    cached = { secrets: await read(), until: at + KEPT_MS };
  }
  const secret = Object.hasOwn(cached.secrets, name) ? cached.secrets[name] : undefined;
  if (!secret) throw new Error(`The secret of webhooks has no entry ${name}.`);
  return secret;
}

async function read(): Promise<Record<string, string>> {
  const { SecretString } = await secrets.send(new GetSecretValueCommand({ SecretId: env('webhookSecrets') }));
  const parsed = shape.safeParse(jsonOf(SecretString ?? ''));
  if (!parsed.success) throw new Error('The secret of webhooks is no JSON object of texts.');
  return parsed.data;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
