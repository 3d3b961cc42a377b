import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createSecrets, type SeedSecret } from '../../../infra/local/secrets.ts';
import { temporaryFolder } from './assembly-of.ts';

const clock = { now: () => Date.UTC(2026, 0, 1), shared: new SharedArrayBuffer(8), at: () => () => {} };

const secret = (name: string, properties: Record<string, unknown>) => ({
  logicalId: `${name}Id`,
  type: 'AWS::SecretsManager::Secret',
  name,
  ref: `arn:aws:secretsmanager:us-east-1:000000000000:secret:${name}-abc123`,
  attributes: {},
  properties: { Name: name, ...properties },
});

function open(
  properties: Record<string, unknown>,
  { folder = temporaryFolder(), seed }: { folder?: string; seed?: SeedSecret } = {},
) {
  const service = createSecrets(folder, clock, [secret('keys', properties)], seed);
  const value = (id = 'keys') =>
    (service.handle('GetSecretValue', { SecretId: id }) as { SecretString: string }).SecretString;
  return { service, value, folder };
}

test.each([
  ['32 characters of all kinds', {}, /^[!-~]{32}$/],
  ['as long as asked', { PasswordLength: 64, ExcludePunctuation: true }, /^[A-Za-z0-9]{64}$/],
  ['only digits', { ExcludeLowercase: true, ExcludeUppercase: true, ExcludePunctuation: 'true' }, /^\d{32}$/],
  [
    'without some characters',
    { ExcludeCharacters: 'abcdefABCDEF"@/\\', PasswordLength: 300 },
    /^[^abcdefABCDEF"@/\\]{300}$/,
  ],
])('generates %s', (_, rules, pattern) => {
  const { value } = open({ GenerateSecretString: rules });
  expect(value()).toMatch(pattern);
});

test('has each kind of character where that is asked for', () => {
  for (let i = 0; i < 50; i++) {
    const { value } = open({ GenerateSecretString: { PasswordLength: 4 } });
    expect(value()).toMatch(/^(?=.*[a-z])(?=.*[A-Z])(?=.*\d)(?=.*[^A-Za-z0-9]).{4}$/);
  }
});

test('puts the generated value into the template', () => {
  const { value } = open({ GenerateSecretString: { SecretStringTemplate: '{"user":"u"}', GenerateStringKey: 'k1' } });
  expect(JSON.parse(value())).toEqual({ user: 'u', k1: expect.stringMatching(/^.{32}$/) });
});

test('takes a given value, and one from the host before it', () => {
  expect(open({ SecretString: 'given' }).value()).toBe('given');
  expect(open({ SecretString: 'given' }, { seed: ({ name, generated }) => `${name}:${generated}` }).value()).toBe(
    'keys:given',
  );
  expect(open({ SecretString: 'given' }, { seed: () => undefined }).value()).toBe('given');
});

test('keeps its value from start to start, in a file for its owner alone', () => {
  const first = open({ GenerateSecretString: {} });
  const again = open({ GenerateSecretString: {} }, { folder: first.folder, seed: () => 'another' });
  expect(again.value()).toBe(first.value());
  expect(statSync(join(first.folder, 'secrets.json')).mode & 0o777).toBe(0o600);
});

test('gives and takes a value by name, ARN, or ARN without its suffix', () => {
  const { service, value, folder } = open({ SecretString: 'old' });
  const arn = 'arn:aws:secretsmanager:us-east-1:000000000000:secret:keys-abc123';
  expect(service.handle('GetSecretValue', { SecretId: arn })).toMatchObject({
    ARN: arn,
    Name: 'keys',
    SecretString: 'old',
    VersionStages: ['AWSCURRENT'],
    CreatedDate: Date.UTC(2026, 0, 1) / 1000,
  });
  service.handle('PutSecretValue', { SecretId: arn.slice(0, -7), SecretString: 'new' });
  expect(value()).toBe('new');
  expect(readFileSync(join(folder, 'secrets.json'), 'utf8')).toContain('new');
});

test.each([
  ['GetSecretValue', { SecretId: 'nobody' }, 'ResourceNotFoundException'],
  ['GetSecretValue', {}, 'InvalidParameterException'],
  ['GetSecretValue', { SecretId: 'keys', VersionStage: 'AWSPREVIOUS' }, 'InvalidParameterException'],
  ['DeleteSecret', { SecretId: 'keys' }, 'UnknownOperationException'],
])('%s of %j is refused by name', (operation, input, code) => {
  const { service } = open({});
  expect(() => service.handle(operation, input)).toThrow(expect.objectContaining({ code }));
});

test('a property that it does not know is an error that names the secret', () => {
  expect(() => open({ ReplicaRegions: [] })).toThrow(/AWS::SecretsManager::Secret keysId: .*ReplicaRegions/s);
});
