/** Versions as a marketer meets them: plan, publish, move, mend, go back, and save to publish. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Plan } from '../../workflows/plan/compare.ts';
import { definitionCopy } from './definition-copy.ts';
import { System } from './system.ts';

const run = promisify(execFile);
const ripen = (...args: string[]) =>
  run(process.execPath, [join(import.meta.dirname, '..', '..', 'infra', 'ripen.ts'), ...args], {
    env: { ...process.env, PORT: new URL(system.url).port },
  });
const json = async <T>(...args: string[]): Promise<T> => JSON.parse((await ripen(...args, '--json')).stdout);

const workflow = (lines: string) => `workflow: guide-to-demo
enrol: { on: form.submitted, where: { form: cash-flow-guide } }
${lines}`;
const FIRST = workflow(`steps:
  - wait: 2 days
  - send: three-leaks
  - waitFor: { event: email.clicked, email: three-leaks }
    upTo: 3 days
  - wait: 4 days
  - send: checklist
`);
const SECOND = workflow(`moved: { wait-for-1: last-words, checklist: end }
steps:
  - wait: 1 day
  - send: three-leaks
  - send: payroll-story
    id: last-words
`);

const folder = definitionCopy({ 'nurture/guide-to-demo.yaml': FIRST });
const save = (path: string, text: string) => writeFileSync(join(folder, path), text);
const system = new System({ workflows: folder });
beforeAll(() => system.start());
afterAll(() => system.remove());

const post = async (email: string) => {
  await system.postForm('cash-flow-guide', { email, agree: 'yes' });
  await system.confirm(email);
};
const mailsOf = async (email: string) => (await system.mails(email)).map((mail) => mail.tags.email);
const versions = () => json<{ hash: string; inForce: boolean; leads: number; publications: object[] }[]>('versions');
const inForce = async () => (await versions()).find((version) => version.inForce)?.hash;
async function untilInForce(is: (hash: string | undefined) => boolean): Promise<void> {
  for (let tries = 0; !is(await inForce()); tries++) {
    if (tries > 40) throw new Error('Nothing was published.');
    await pause(100);
  }
}

describe('a marketer who changes a workflow', () => {
  let first: string | undefined;

  it('sees what publishing would do, and publishing does that', { timeout: 120_000 }, async () => {
    first = await inForce();
    await post('clicks-not@versions.test');
    await system.advance('P3D');
    await post('waits@versions.test');
    await system.advance('PT1S');
    const elsewhere = definitionCopy({ 'nurture/guide-to-demo.yaml': SECOND });
    const plan = await json<Plan>('plan', '--workflows', elsewhere);
    const guide = plan.workflows.find(({ name }) => name === 'guide-to-demo');
    expect(guide?.leads.map(({ step, fate, to }) => [step, fate.kind, to]).sort()).toEqual([
      ['three-leaks', 'stays', undefined],
      ['wait-for-1', 'moves', 'Send payroll-story'],
    ]);
    expect(guide?.cost.before?.mails).toBe(2);
    expect(plan.leads).toEqual({ stay: 1, move: 1, end: 0 });
    expect(await inForce()).toBe(first);

    await expect(ripen('publish', '--workflows', elsewhere, '--expect', 'abcdef')).rejects.toThrow('not abcdef');
    const done = await json('publish', '--workflows', elsewhere, '--expect', first?.slice(0, 12) ?? '');
    expect(done).toMatchObject({ hash: plan.to, moved: 1, ended: 0 });
    await system.advance('PT1M');
    expect(await mailsOf('clicks-not@versions.test')).toEqual(['guide-delivery', 'three-leaks', 'payroll-story']);
    // The one that stayed gets the first version to its end.
    await system.advance('P10D');
    expect(await mailsOf('waits@versions.test')).toEqual(['guide-delivery', 'three-leaks', 'checklist']);
    expect(await mailsOf('clicks-not@versions.test')).toHaveLength(3);
  });

  it('goes back to an earlier version, which leaves leads where they are', async () => {
    await post('second@versions.test');
    await system.settle();
    expect(await json('publish', '--to', first?.slice(0, 8) ?? '')).toMatchObject({ hash: first, moved: 0, ended: 0 });
    const listed = await versions();
    expect(listed.find(({ hash }) => hash === first)?.publications).toHaveLength(2);
    expect(listed.find((version) => !version.inForce)?.leads).toBe(1);
    await system.advance('P2D');
    expect(await mailsOf('second@versions.test')).toEqual(['guide-delivery', 'three-leaks', 'payroll-story']);
    await expect(ripen('publish', '--to', '000000')).rejects.toThrow('ripen versions');
  });

  it('replaces a mistaken mail for those in the middle too, without a new version', async () => {
    await post('mended@versions.test');
    await system.settle();
    const before = await inForce();
    const mail = readFileSync(join(folder, 'emails/three-leaks.en.md'), 'utf8');
    const mended = definitionCopy({
      'nurture/guide-to-demo.yaml': FIRST,
      'emails/three-leaks.en.md': mail.replace(/^subject:.*$/m, 'subject: Mended at last'),
    });
    expect(await json('publish', '--workflows', mended, '--fix', 'emails/three-leaks')).toMatchObject({
      versions: [before],
    });
    expect(await inForce()).toBe(before);
    await system.advance('P3D');
    expect((await system.mails('mended@versions.test')).at(-1)).toMatchObject({ subject: '[QC] Mended at last' });
    await expect(ripen('publish', '--workflows', mended, '--fix', 'three-leeks')).rejects.toThrow('three-leaks');
  });

  it('who saves a file publishes it at once; one with an error changes nothing and is shown', async () => {
    const before = await inForce();
    save('nurture/guide-to-demo.yaml', FIRST.replace('2 days', '2 dayz'));
    for (let tries = 0; !system.output.includes('dayz'); tries++) {
      if (tries > 50) throw new Error('Nothing was said.');
      await pause(100);
    }
    expect(await system.json('/_local/problems')).toMatchObject({
      errors: 1,
      text: expect.stringMatching(/guide-to-demo\.yaml:4:11 error .*dayz/),
      inForce: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(await inForce()).toBe(before);
    const heard = system.output.length;
    save('nurture/guide-to-demo.yaml', FIRST.replace('2 days', '5 days'));
    await untilInForce((hash) => hash !== before);
    expect(await system.json('/_local/problems')).toMatchObject({ errors: 0, inForce: await inForce() });
    expect(system.output.slice(heard)).toContain(`Saved: version ${(await inForce())?.slice(0, 12)} is in force.`);
  });
});

describe('a marketer who rehearses', () => {
  it('sees in the browser what would happen to a lead and to a crowd, and what is not understood', async () => {
    const page = async (path: string) => (await fetch(`${system.url}${path}`)).text();
    expect(await page('/_local/simulate?lead=opens+nothing')).toMatch(/mail three-leaks/);
    expect(await page('/_local/simulate?lead=dances')).toContain('is not understood');
    expect(await page('/_local/simulate/report?leads=20')).toContain('Simulated: 20 leads over 60 days');
  });

  it('gets the same at the terminal, and nothing is sent', async () => {
    const before = (await system.mails()).length;
    const args = ['simulate', '--workflows', folder, '--start', '2027-03-01T09:00+07:00'];
    const lines = await json<{ text: string; why?: string }[]>(...args, '--lead', 'asks for a demo on day 5');
    expect(lines.map(({ text }) => text)).toContain('handoff: pending');
    const [one, two] = await Promise.all([1, 2].map(() => json<{ leads: number }>(...args, '--leads', '40')));
    expect(one).toMatchObject({ leads: 40 });
    expect(one).toEqual(two);
    await expect(ripen(...args, '--lead', 'dances')).rejects.toThrow('clicks everything on day 2');
    expect(await system.mails()).toHaveLength(before);
  });
});

describe('the very first start', () => {
  it('lets a form wait until the definition is in force', { timeout: 60_000 }, async () => {
    const port = 20_000 + Math.floor(Math.random() * 20_000);
    const fresh = new System({ workflows: folder, data: mkdtempSync(join(tmpdir(), 'ripen-first-')) });
    const starting = fresh.start(port);
    let failed: Error | undefined;
    starting.catch((error) => {
      failed = error;
    });
    let answer: Response | undefined;
    while (!answer) {
      if (failed) throw failed;
      await pause(20);
      const body = JSON.stringify({ email: 'early@first.test', agree: 'yes' });
      const headers = { 'content-type': 'application/json', accept: 'application/json' };
      answer = await fetch(`http://localhost:${port}/forms/cash-flow-guide`, { method: 'POST', headers, body }).catch(
        () => undefined,
      );
    }
    expect(answer.status).toBe(202);
    await starting;
    await fresh.remove();
  });
});
