import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import validate from 'asl-validator';
import { describe, expect, it } from 'vitest';
import { MACHINE_FUNCTIONS } from '../../../functions/definition/definition.ts';
import { compile } from '../../../workflows/compiler/compile.ts';
import { readFolder } from '../../../workflows/compiler/read-folder.ts';
import { filesOf, WORKFLOWS, written } from './folder.ts';

const files = filesOf('valid/example');
const { definition, problems } = await compile(files);

describe('the example of a marketer', () => {
  it('compiles, and only warns of languages that are not written yet and of what one rule alone reaches', () => {
    const others = problems.map(written).filter((problem) => !/ warning The mail .* is missing in /.test(problem));
    expect(others).toEqual([
      'scoring.yaml:53:53 warning The rule `webinar` alone reaches the threshold of 60.',
      'scoring.yaml:53:88 warning Each of `guide`, `webinar` alone reaches the threshold of 30.',
    ]);
    expect(definition).toBeDefined();
  });

  it('becomes the state machine that its words describe', () => {
    const golden: unknown = JSON.parse(readFileSync(join(WORKFLOWS, 'golden/guide-to-demo.json'), 'utf8'));
    expect(definition?.machines['guide-to-demo']).toEqual(golden);
  });

  it.each(Object.entries(definition?.machines ?? {}))('makes a state machine that AWS accepts: %s', (_, machine) => {
    const { isValid, errors } = validate(JSON.parse(JSON.stringify(machine)), {});
    expect(errors).toEqual([]);
    expect(isValid).toBe(true);
    expect(Buffer.byteLength(JSON.stringify(machine))).toBeLessThan(1_000_000);
    const slots = JSON.stringify(machine).match(/\$\{\w+\}/g) ?? [];
    expect(MACHINE_FUNCTIONS.map((name) => `\${${name}}`)).toEqual(expect.arrayContaining(slots));
  });

  it('puts no personal data into a payload', () => {
    const payloads = JSON.stringify(definition?.machines).match(/"Payload":\{[^}]*\}/g) ?? [];
    expect(payloads.length).toBeGreaterThan(5);
    for (const payload of payloads) expect(payload).not.toMatch(/email|name|phone/i);
  });

  it('keeps the graph in reading order', () => {
    const { first, steps = {} } = definition?.workflows['guide-to-demo'] ?? {};
    expect(first).toBe('wait-1');
    expect(Object.values(steps).map(({ title }) => title)).toEqual([
      'Wait 2 days',
      'Send three-leaks',
      'Wait for click on three-leaks',
      'Send webinar-invitation',
      'Send three-leaks-short',
      'Wait 4 days',
      'Choose by problem and fit',
      'Send payroll-story',
      'Send customer-story',
      'Send checklist',
      'Wait for mql',
      'Enrol in quarterly-digest',
    ]);
  });

  it('compiles the scoring rules with every default filled in', () => {
    const rules = definition?.scoring.engagement.rules;
    expect(rules?.page).toEqual({
      on: 'page.viewed',
      points: 1,
      per: 'event',
      cap: 10,
      halfLife: 604_800_000,
      group: 'web',
    });
    expect(rules?.webinar?.where).toEqual({ kind: 'property', property: 'minutes', test: { compare: '>=', than: 20 } });
    expect(definition?.scoring.fit.rules.area).toEqual({ field: 'country', points: { VN: 25, TH: 25 }, other: 0 });
    expect(definition?.scoring.stages.map(({ stage }) => stage)).toEqual(['iql', 'mql', 'sql']);
    expect(definition?.scoring.gates['no-rival']).toEqual({
      kind: 'not',
      of: { kind: 'emailDomain', lists: ['competitors'] },
    });
  });

  it('compiles the form with the types that scoring declares', () => {
    expect(definition?.forms['cash-flow-guide']).toMatchObject({
      audience: 'sales',
      fields: {
        email: { type: 'email', required: true },
        phone: { type: 'phone', required: false, defaultCountry: 'VN' },
        companySize: { type: 'choice', of: ['1-9', '10-49', '50-249', '250+'], required: false },
      },
      consent: { marketing: { field: 'agree', doubleOptIn: true } },
      origins: ['https://www.example.com', 'http://localhost:*'],
    });
  });

  it('compiles the handoff with days spelled out', () => {
    const { handoff } = definition ?? {};
    expect(handoff?.answer.hours.days).toEqual(['mon', 'tue', 'wed', 'thu', 'fri']);
    expect(handoff?.answer.within).toEqual({ handRaise: 900_000, otherwise: 14_400_000 });
    expect(handoff?.notify).toEqual([{ channel: 'email' }, { channel: 'webhook', webhook: 'crm' }]);
    expect(handoff?.outcomes.won).toEqual({ stage: 'customer', after: 'accepted' });
  });

  it('reads the same files from the disk, and leaves out what is beside them', async () => {
    const read = await readFolder(join(WORKFLOWS, 'valid/example'));
    expect(read.map(({ path }) => path)).toEqual(files.map(({ path }) => path).sort());
    const product = await readFolder(join(WORKFLOWS, '../../workflows'));
    expect(product.filter(({ path }) => path.startsWith('compiler/'))).toEqual([]);
  });
});

describe('the version of a definition', () => {
  const hashOf = async (change: (path: string, text: string) => string) => {
    const changed = files.map(({ path, content }) => ({
      path,
      content: change(path, Buffer.from(content).toString()),
    }));
    return (await compile(changed)).definition?.hash;
  };

  it('does not depend on the order of the files', async () => {
    expect((await compile([...files].reverse())).definition?.hash).toBe(definition?.hash);
  });

  it('does not depend on line ends, comments and the order of keys', async () => {
    expect(await hashOf((_, text) => text.replaceAll('\n', '\r\n'))).toBe(definition?.hash);
    expect(await hashOf((path, text) => (path.endsWith('.yaml') ? `# a note\n${text}` : text))).toBe(definition?.hash);
    const swapped = await hashOf((_, text) =>
      text.replace('form: cash-flow-guide\nconversion: download', 'conversion: download\nform: cash-flow-guide'),
    );
    expect(swapped).toBe(definition?.hash);
  });

  it.each([
    ['a point', 'points: 8', 'points: 9'],
    ['a wait', 'wait: 2 days', 'wait: 3 days'],
    ['a word in a mail', 'same three places', 'same four places'],
    ['the postal address under each mail', '12 Nguyễn Huệ', '13 Nguyễn Huệ'],
  ])('changes with %s', async (_, from, to) => {
    expect(await hashOf((_path, text) => text.replace(from, to))).not.toBe(definition?.hash);
  });
});
