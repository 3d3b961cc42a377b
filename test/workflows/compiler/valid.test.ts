import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import validate from 'asl-validator';
import { describe, expect, it } from 'vitest';
import { compile } from '../../../workflows/compiler/compile.ts';
import { filesOf, WORKFLOWS, written } from './folder.ts';

describe('a valid definition', () => {
  it.each(readdirSync(join(WORKFLOWS, 'valid')))('has no error: %s', async (name) => {
    const { definition, problems } = await compile(filesOf(`valid/${name}`), { today: '2027-01-01' });
    expect(problems.filter(({ severity }) => severity === 'error').map(written)).toEqual([]);
    for (const machine of Object.values(definition?.machines ?? {})) {
      const { isValid, errors } = validate(JSON.parse(JSON.stringify(machine)), {});
      expect([isValid, errors]).toEqual([true, []]);
    }
  });

  it('becomes the state machine that people read beside it, with every kind of step', async () => {
    const { definition } = await compile(filesOf('valid/whole-language'));
    const golden: unknown = JSON.parse(readFileSync(join(WORKFLOWS, 'golden/whole-language.asl.json'), 'utf8'));
    expect(definition?.machines['guide-to-demo']).toEqual(golden);
    const kinds = new Set(Object.values(definition?.workflows['guide-to-demo']?.steps ?? {}).map(({ kind }) => kind));
    const all = ['choose', 'enrol', 'send', 'set', 'split', 'wait', 'waitFor', 'waitUntil', 'webhook'];
    expect([...kinds].sort()).toEqual(all);
  });
});
