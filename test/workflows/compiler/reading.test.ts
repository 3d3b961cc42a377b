import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compile } from '../../../workflows/compiler/compile.ts';
import { filesOf, written } from './folder.ts';

const base = filesOf('invalid/base');
const withFile = (path: string, content: string | Uint8Array) => [
  ...base.filter((file) => file.path !== path),
  { path, content },
];

describe('a folder', () => {
  it('needs scoring and handoff, and nothing else', async () => {
    const { problems } = await compile([]);
    expect(problems.filter(({ severity }) => severity === 'error').map(({ message }) => message)).toEqual([
      'The folder has no handoff.yaml.',
      'The folder has no scoring.yaml.',
    ]);
  });

  it('runs with the settings left out', async () => {
    const only = base
      .filter(({ path }) => /^(?:scoring|handoff)\.yaml$/.test(path))
      .map(({ path, content }) => ({
        path,
        content: Buffer.from(content).toString().replace(', { webhook: crm }', '').replace(', enrol: digest', ''),
      }));
    const { definition, problems } = await compile(only);
    expect(problems.map(written)).toEqual([
      'settings.yaml:1:1 warning There is no postal address: marketing mail must show one.',
    ]);
    expect(definition?.settings).toEqual({
      name: 'Ripen',
      from: { name: 'Ripen', address: 'hello@example.com' },
      languages: ['en'],
      zone: 'UTC',
      staffDomains: [],
      webhooks: {},
      softBounces: 5,
      clickHold: 90_000,
      sunset: { slowAfter: 11, stopAfter: 16 },
      subjectLabel: {},
      topics: {},
    });
    expect([definition?.forms, definition?.workflows, definition?.emails]).toEqual([{}, {}, {}]);
  });

  it('needs a postal address where it is deployed', async () => {
    const files = base.map(({ path, content }) => ({
      path,
      content: Buffer.from(content)
        .toString()
        .replace(/^postalAddress: .*$/m, ''),
    }));
    const { definition, problems } = await compile(files, { deployed: true });
    expect(definition).toBeUndefined();
    expect(problems).toMatchObject([{ severity: 'error', file: 'settings.yaml' }]);
  });

  it('refuses a file of more than a megabyte', async () => {
    const { problems } = await compile(withFile('nurture/digest.yaml', `# ${'x'.repeat(1_000_000)}\n`));
    expect(problems.map(written)).toEqual([
      'nurture/digest.yaml:1:1 error The file has 1000003 bytes; 1000000 are the most.',
    ]);
  });

  it('takes a byte order mark and Windows line ends as nothing', async () => {
    const text = '\ufeffworkflow: digest\r\nsteps:\r\n  - send: news\r\n';
    const { definition, problems } = await compile(withFile('nurture/digest.yaml', text));
    expect(problems).toEqual([]);
    expect(definition?.workflows.digest?.first).toBe('news');
  });

  const paths = fc.constantFrom(...base.map(({ path }) => path), 'emails/layout.mjml');
  const anything = fc.oneof(fc.string({ unit: 'grapheme' }), fc.uint8Array(), fc.json());
  const textOf = (path: string) => Buffer.from(base.find((file) => file.path === path)?.content ?? 'x').toString();

  it('never throws, whatever stands in a file', async () => {
    await fc.assert(
      fc.asyncProperty(paths, anything, async (path, content) => {
        const { definition, problems } = await compile(withFile(path, content));
        expect(definition === undefined).toBe(problems.some(({ severity }) => severity === 'error'));
        for (const { line, column } of problems) expect(Math.min(line, column)).toBeGreaterThanOrEqual(1);
      }),
      { numRuns: 60 },
    );
  });

  it('compiles or says an error after one wrong letter', async () => {
    const letters = fc.constantFrom(...'x:{}[]"- #&*|\t0\n');
    await fc.assert(
      fc.asyncProperty(paths, fc.nat(), letters, async (path, at, letter) => {
        const text = textOf(path);
        const place = at % text.length;
        const changed = text.slice(0, place) + letter + text.slice(place + 1);
        const { definition, problems } = await compile(withFile(path, changed));
        expect(definition === undefined).toBe(problems.some(({ severity }) => severity === 'error'));
      }),
      { numRuns: 60 },
    );
  });
});
