import { describe, expect, it } from 'vitest';
import { compile } from '../../../workflows/compiler/compile.ts';
import { readSamples } from '../../../workflows/compiler/sample-leads.ts';
import { filesOf, written } from './folder.ts';

const files = filesOf('valid/example');
const { definition } = await compile(files);
if (!definition) throw new Error('The example does not compile.');
const rules = definition;
const read = (content: string) => readSamples([...files, { path: 'preview.yaml', content }], rules);

describe('the sample leads of preview.yaml', () => {
  it('are read in the order of the file, with an address where none is given', () => {
    const { samples, problems } = read(
      'leads:\n  huong: { name: Nguyễn Thị Hương, language: vi }\n  nobody: { email: x@example.net }\n',
    );
    expect(problems).toEqual([]);
    expect(samples).toEqual([
      { id: 'huong', email: 'huong@example.org', language: 'vi', fields: { name: 'Nguyễn Thị Hương', language: 'vi' } },
      { id: 'nobody', email: 'x@example.net', fields: {} },
    ]);
  });

  it('are none without the file', () => {
    expect(readSamples(files, rules)).toEqual({ problems: [] });
  });

  it('are no part of the definition', async () => {
    const sample = { path: 'preview.yaml', content: 'leads: {}' };
    const { definition: other, problems } = await compile([...files, sample]);
    expect(other?.hash).toBe(rules.hash);
    expect(problems.map(({ file }) => file)).not.toContain('preview.yaml');
  });

  it.each([
    [
      'leads:\n  a: { companysize: 1-9 }\n',
      'preview.yaml:2:8 error No form and no scoring asks for `companysize`. | companySize',
    ],
    ['leads:\n  a: { companySize: huge }\n', 'preview.yaml:2:21 error `companySize` has no choice `huge`.'],
    ['leads:\n  a: { email: nowhere }\n', 'preview.yaml:2:15 error This is not an email address.'],
    ['leads:\n  a: { name: [x] }\n', 'preview.yaml:2:14 error A value is a text, a number, or true or false.'],
    ['people: {}\n', 'preview.yaml:1:1 error `leads` is missing.'],
    ['leads:\n\ta: {}\n', 'preview.yaml:2:1 error'],
  ])('are refused by line: %j', (content, expected) => {
    const [first = ''] = read(content).problems.map(written);
    expect(first.slice(0, expected.length)).toBe(expected);
  });
});
