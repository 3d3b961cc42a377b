/** Gives the local run a secret for each webhook: the variable of that name, or one made up once and kept. */
import { randomBytes } from 'node:crypto';
import { GetSecretValueCommand, PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { z } from 'zod';
import type { Definition } from '../../functions/definition/definition.ts';
import type { Target } from './target.ts';

export async function seedWebhookSecrets(target: Target, definition: Definition): Promise<void> {
  const names = Object.values(definition.settings.webhooks).map((webhook) => webhook.secret);
  if (names.length === 0) return;
  const client = new SecretsManagerClient(target.client);
  const SecretId = `${target.stack}/webhooks`;
  const kept = await client.send(new GetSecretValueCommand({ SecretId }));
  const secrets = z.record(z.string(), z.string()).parse(JSON.parse(kept.SecretString ?? '{}'));
  const wanted = Object.fromEntries(
    names.map((name) => [name, process.env[name] ?? secrets[name] ?? randomBytes(32).toString('hex')]),
  );
  if (names.every((name) => secrets[name] === wanted[name])) return;
  await client.send(new PutSecretValueCommand({ SecretId, SecretString: JSON.stringify({ ...secrets, ...wanted }) }));
}
