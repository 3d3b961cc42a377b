/** Secrets Manager: the secrets of the template, made once and kept in a file that only its owner can read. */
import { randomInt, randomUUID } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import type { Resource } from './assembly.ts';
import { isRecord } from './intrinsics.ts';
import { AwsError, type Clock, type JsonService } from './part.ts';
import { parseResource } from './resource.ts';

/** Chooses the value of a new secret instead of the generated one; undefined leaves that. */
export type SeedSecret = (secret: { logicalId: string; name: string; generated: string }) => string | undefined;

const ignored = z.unknown().optional();
const flag = z.union([z.boolean(), z.stringbool()]).default(false);

const Generate = z.strictObject({
  ExcludeCharacters: z.string().default(''),
  ExcludeLowercase: flag,
  ExcludeNumbers: flag,
  ExcludePunctuation: flag,
  ExcludeUppercase: flag,
  GenerateStringKey: z.string().optional(),
  IncludeSpace: flag,
  PasswordLength: z.coerce.number().default(32),
  RequireEachIncludedType: z.union([z.boolean(), z.stringbool()]).default(true),
  SecretStringTemplate: z.string().optional(),
});
const SecretProperties = z.strictObject({
  Name: z.string().optional(),
  SecretString: z.string().optional(),
  GenerateSecretString: Generate.optional(),
  Description: ignored,
  KmsKeyId: ignored,
  Tags: ignored,
});

const Kept = z.object({ value: z.string(), versionId: z.string(), at: z.string() });
const File = z.record(z.string(), Kept);

const Get = z.looseObject({ SecretId: z.string(), VersionStage: z.literal('AWSCURRENT').optional() });
const Put = z.looseObject({
  SecretId: z.string(),
  SecretString: z.string(),
  ClientRequestToken: z.string().optional(),
});

/**
 * @param dataDir gets `secrets.json`, mode 0600.
 * @throws Error naming the secret and the property that the engine does not know.
 */
export function createSecrets(
  dataDir: string,
  clock: Clock,
  resources: readonly Resource[],
  seed?: SeedSecret,
): JsonService {
  const path = join(dataDir, 'secrets.json');
  const kept = existsSync(path) ? File.parse(JSON.parse(readFileSync(path, 'utf8'))) : {};
  const save = (): void => {
    const unfinished = `${path}.new`;
    writeFileSync(unfinished, JSON.stringify(kept, undefined, 2), { mode: 0o600, flush: true });
    renameSync(unfinished, path);
  };
  const put = (name: string, value: string, versionId: string = randomUUID()): string => {
    kept[name] = { value, versionId, at: new Date(clock.now()).toISOString() };
    save();
    return versionId;
  };

  for (const resource of resources) {
    const properties = parseResource(resource.type, resource, SecretProperties);
    if (kept[resource.name]) continue;
    const generated = properties.SecretString ?? generate(properties.GenerateSecretString);
    put(resource.name, seed?.({ logicalId: resource.logicalId, name: resource.name, generated }) ?? generated);
  }

  const find = (id: string): Resource => {
    const found = resources.find(({ name, ref }) => id === name || id === ref || ref.slice(0, -7) === id);
    if (!found) throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
    return found;
  };
  const operations: Record<string, (input: unknown) => unknown> = {
    GetSecretValue(input) {
      const { name, ref } = find(parseInput(Get, input).SecretId);
      const secret = kept[name];
      if (!secret)
        throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret value.");
      return {
        ARN: ref,
        Name: name,
        SecretString: secret.value,
        VersionId: secret.versionId,
        VersionStages: ['AWSCURRENT'],
        CreatedDate: Date.parse(secret.at) / 1000,
      };
    },
    PutSecretValue(input) {
      const { SecretId: id, SecretString: value, ClientRequestToken: token } = parseInput(Put, input);
      const { name, ref } = find(id);
      return { ARN: ref, Name: name, VersionId: put(name, value, token), VersionStages: ['AWSCURRENT'] };
    },
  };
  return {
    handle(operation, input) {
      const run = operations[operation];
      if (!run) throw new AwsError('UnknownOperationException', `The local Secrets Manager has no ${operation}.`);
      return run(input);
    },
  };
}

function parseInput<T>(schema: z.ZodType<T>, input: unknown): T {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw new AwsError('InvalidParameterException', z.prettifyError(parsed.error));
}

/** The kinds of characters, as Secrets Manager has them: GetRandomPassword in its API reference. */
const PUNCTUATION = '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~';

function generate(rules: z.infer<typeof Generate> = Generate.parse({})): string {
  const kinds = [
    rules.ExcludeLowercase ? '' : 'abcdefghijklmnopqrstuvwxyz',
    rules.ExcludeUppercase ? '' : 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
    rules.ExcludeNumbers ? '' : '0123456789',
    rules.ExcludePunctuation ? '' : PUNCTUATION,
    rules.IncludeSpace ? ' ' : '',
  ]
    .map((kind) => [...kind].filter((character) => !rules.ExcludeCharacters.includes(character)).join(''))
    .filter((kind) => kind !== '');
  if (kinds.length === 0) throw new Error('GenerateSecretString excludes every character.');
  const first = rules.RequireEachIncludedType ? kinds.map(pick) : [];
  const rest = Array.from({ length: rules.PasswordLength - first.length }, () => pick(kinds.join('')));
  const password = shuffle([...first, ...rest]).join('');
  if (rules.SecretStringTemplate === undefined || rules.GenerateStringKey === undefined) return password;
  const template: unknown = JSON.parse(rules.SecretStringTemplate);
  return JSON.stringify({ ...(isRecord(template) ? template : {}), [rules.GenerateStringKey]: password });
}

const pick = (characters: string): string => characters[randomInt(characters.length)] ?? '';

function shuffle(characters: string[]): string[] {
  for (let i = characters.length - 1; i > 0; i--) {
    const j = randomInt(i + 1);
    [characters[i], characters[j]] = [characters[j] ?? '', characters[i] ?? ''];
  }
  return characters;
}
