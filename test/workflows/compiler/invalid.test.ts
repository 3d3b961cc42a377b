import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compile } from '../../../workflows/compiler/compile.ts';
import { filesOf, readCase, WORKFLOWS, written } from './folder.ts';

const folder = join(WORKFLOWS, 'invalid');
const base = filesOf('invalid/base');
const cases = readdirSync(folder)
  .filter((file) => file.endsWith('.txt'))
  .map((file) => readCase(file.replace(/\.txt$/, ''), readFileSync(join(folder, file), 'utf8'), base));

describe('a definition with one fault', () => {
  it('has no fault before', async () => {
    const { definition, problems } = await compile(base, { today: '2027-01-01' });
    expect(problems.map(written)).toEqual([]);
    expect(definition?.hash).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each(cases)('says by line: $name', async ({ files, expected }) => {
    const { definition, problems } = await compile(files, { today: '2027-01-01' });
    expect(problems.map(written)).toEqual(expected);
    expect(definition === undefined).toBe(expected.some((line) => / error /.test(line)));
  });
});
