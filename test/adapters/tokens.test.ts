import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { keysOf } from '../../functions/adapters/tokens.ts';

const secrets = mockClient(SecretsManagerClient);
const AT = '2027-03-01T02:00:00.000Z';
const LATER = '2027-03-01T02:01:01.000Z';
const secret = (...kids: string[]) => ({
  SecretString: JSON.stringify(Object.fromEntries(kids.map((kid) => [kid, kid.repeat(20)]))),
});

beforeEach(() => {
  secrets.reset();
  vi.resetModules();
  process.env.TOKEN_KEYS_SECRET = 'arn:secret';
  process.env.AWS_REGION = 'us-east-1';
});

describe('links', () => {
  it('are signed and verified with one look at the secret', async () => {
    secrets.on(GetSecretValueCommand).resolves(secret('k1'));
    const { sign, verify } = await import('../../functions/adapters/tokens.ts');
    const tokens = await Promise.all([1, 2].map(() => sign({ purpose: 'unsubscribe', subject: 'lead_1' }, AT)));
    for (const token of tokens) {
      expect(await verify(token, 'unsubscribe', LATER)).toEqual({ ok: true, subject: 'lead_1' });
    }
    expect(secrets.commandCalls(GetSecretValueCommand)).toHaveLength(1);
  });

  it('that a newer key signed are verified by a function that started before it', async () => {
    secrets.on(GetSecretValueCommand).resolves(secret('k1', 'k2'));
    const newer = await import('../../functions/adapters/tokens.ts');
    const token = await newer.sign({ purpose: 'answer', subject: 'hnd_1' }, AT);
    vi.resetModules();
    secrets.on(GetSecretValueCommand).resolvesOnce(secret('k1')).resolves(secret('k1', 'k2'));
    const older = await import('../../functions/adapters/tokens.ts');
    await older.sign({ purpose: 'answer', subject: 'hnd_2' }, AT);
    expect(await older.verify(token, 'answer', LATER)).toEqual({ ok: true, subject: 'hnd_1' });
  });

  it('with made-up key ids make nobody ask for the secret more than once a minute', async () => {
    secrets.on(GetSecretValueCommand).resolves(secret('k1'));
    const { sign, verify } = await import('../../functions/adapters/tokens.ts');
    const token = (await sign({ purpose: 'answer', subject: 'hnd_1' }, AT)).replace('.k1.', '.k9.');
    for (let i = 0; i < 5; i++) expect(await verify(token, 'answer', AT)).toMatchObject({ why: 'forged' });
    expect(secrets.commandCalls(GetSecretValueCommand)).toHaveLength(1);
  });

  it('are read again after the secret could not be had', async () => {
    secrets.on(GetSecretValueCommand).rejectsOnce(new Error('throttled')).resolves(secret('k1'));
    const { sign } = await import('../../functions/adapters/tokens.ts');
    await expect(sign({ purpose: 'answer', subject: 'hnd_1' }, AT)).rejects.toThrow('throttled');
    await expect(sign({ purpose: 'answer', subject: 'hnd_1' }, AT)).resolves.toMatch(/^v1\.k1\./);
  });
});

describe('the secret of the token keys', () => {
  it('names its current key, or the highest number signs', () => {
    expect(keysOf('{"current":"a","keys":{"a":"AAEC","b":"AwQ="}}')).toEqual({
      current: 'a',
      keys: { a: Buffer.from([0, 1, 2]), b: Buffer.from([3, 4]) },
    });
    const made = keysOf(`{"k1":"${'x'.repeat(64)}","k10":"${'y'.repeat(64)}","k2":"${'z'.repeat(64)}"}`);
    expect(made.current).toBe('k10');
    expect(Object.keys(made.keys)).toHaveLength(3);
  });

  it.each(['', '{}', '{"k1":"short"}', '{"other":"xxxxxxxxxxxxxxxxxxxx"}', '[]', 'secret'])(
    'that reads %s is refused without being quoted',
    (secret) => {
      expect(() => keysOf(secret)).toThrow(/^The secret of the token keys/);
    },
  );
});
