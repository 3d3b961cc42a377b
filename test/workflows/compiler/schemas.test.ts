import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { generatedFiles } from '../../../infra/commands/schema.ts';
import { FILE_KINDS, type FileKind, jsonSchemaOf, type Schema } from '../../../workflows/compiler/json-schema.ts';
import { filesOf, WORKFLOWS } from './folder.ts';

const SAMPLE = join(WORKFLOWS, '../../workflows');
const ajv = new Ajv({ allowUnionTypes: true, strictTypes: false });
const checks = new Map(FILE_KINDS.map((kind) => [kind, ajv.compile(jsonSchemaOf(kind))]));

const kindOf = (path: string): FileKind | undefined => {
  const [, single] = /^(scoring|handoff|settings|preview)\.yaml$/.exec(path) ?? [];
  if (single) return FILE_KINDS.find((kind) => kind === single);
  if (path.startsWith('forms/')) return 'form';
  if (path.startsWith('nurture/')) return 'nurture';
  return path.endsWith('.md') && path.startsWith('emails/') ? 'email' : undefined;
};
const valuesIn = (kind: FileKind, text: string): unknown =>
  parse(kind === 'email' ? (text.split(/^---$/m)[1] ?? '') : text);

const valid = ['../../workflows', 'valid/example', 'valid/whole-language', 'invalid/base'].flatMap((folder) =>
  filesOf(folder)
    .map((file) => ({ ...file, folder, kind: kindOf(file.path) }))
    .filter((file): file is typeof file & { kind: FileKind } => file.kind !== undefined),
);

describe('a schema', () => {
  it.each(Object.entries(generatedFiles()))('stands in the folder as the code makes it: %s', (path, text) => {
    expect(readFileSync(join(SAMPLE, path), 'utf8')).toBe(text);
  });

  it.each(valid)('takes what the compiler takes: $folder $path', ({ kind, content }) => {
    const check = checks.get(kind);
    check?.(valuesIn(kind, Buffer.from(content).toString()));
    expect(check?.errors ?? []).toEqual([]);
  });

  it.each([
    ['nurture', 'workflow: a\nsteps: [{ wait: 2d }]'],
    ['nurture', 'workflow: a\nsteps: [{ sned: three-leaks }]'],
    ['nurture', 'workflow: a\nsteps: [{ waitFor: { stage: mql } }]'],
    ['nurture', 'workflow: a\nsteps: [{ choose: [{ when: { stage: mqll }, then: [] }] }]'],
    ['nurture', 'workflow: A name\nsteps: []'],
    ['nurture', 'workflow: a\nsteps: [{ split: [{ variant: b, share: half }] }]'],
    ['nurture', 'workflow: a\ngaol: { stage: sql }\nsteps: []'],
    ['form', 'form: a\nconversion: downlaod\nfields: {}'],
    ['form', 'form: a\nfields: {}'],
    ['scoring', 'scoring: a\nowners: { marketing: nobody, sales: a@example.com }'],
    ['handoff', 'handoff: a\nwhen: {}\nassign: []'],
    ['settings', 'languages: english'],
    ['settings', 'webhooks: { crm: { url: https://crm.example.com, secret: hush } }'],
    ['email', 'preheader: x'],
  ] as const)('refuses in %s: %s', (kind, text) => {
    expect(checks.get(kind)?.(parse(text))).toBe(false);
  });

  it('describes every key, with an example', () => {
    const bare: string[] = [];
    (function look(schema: Schema, path: string): void {
      for (const [key, value] of Object.entries(schema.properties ?? {})) {
        if (!value.description || !value.examples) bare.push(`${path}.${key}`);
        look(value, `${path}.${key}`);
      }
      for (const each of [...(schema.anyOf ?? []), ...(schema.allOf ?? [])]) look(each, path);
      for (const each of Object.values(schema.definitions ?? {})) look(each as Schema, path);
      if (schema.items) look(schema.items, path);
      if (schema.additionalProperties) look(schema.additionalProperties, path);
    })({ anyOf: FILE_KINDS.map((kind) => jsonSchemaOf(kind)) }, '');
    expect(bare).toEqual([]);
  });

  it('is named at the top of each sample file', () => {
    for (const { folder, path, kind, content } of valid) {
      if (folder !== '../../workflows' || kind === 'email') continue;
      const up = path.includes('/') ? '..' : '.';
      const line = `# yaml-language-server: $schema=${up}/schema/${kind}.json\n`;
      expect(Buffer.from(content).toString().startsWith(line), path).toBe(true);
    }
  });
});
