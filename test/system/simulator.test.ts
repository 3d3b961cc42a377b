/**
 * What stops mail, on the whole local run: SES's simulator addresses, soft bounces, complaints, the brake, and an old list.
 * One run; its stories are told in order, since the brake stops the mail of all.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { definitionCopy } from './definition-copy.ts';
import { System } from './system.ts';

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, '..', '..');

const workflows = definitionCopy({
  'settings.yaml': readFileSync(join(ROOT, 'workflows', 'settings.yaml'), 'utf8').replace(
    /^softBounces: 5/m,
    'softBounces: 2',
  ),
  'forms/three.yaml': `form: three
conversion: newsletter
fields:
  email: { type: email, required: true }
consent:
  marketing: { field: agree, text: { en: I agree., vi: Tôi đồng ý., th: ฉันยินยอม } }
origins: ["http://localhost:*"]
`,
  'nurture/three.yaml': `workflow: three
enrol: { on: form.submitted, where: { form: three } }
steps:
  - send: three-leaks
  - wait: 1 day
  - send: three-leaks-short
  - wait: 1 day
  - send: checklist
`,
  'nurture/old-list.yaml': `workflow: old-list
enrol: { on: lead.imported, where: { list: fair-2026 } }
steps:
  - wait: 1 day
  - send: three-leaks
`,
});

let system: System;
beforeAll(async () => {
  system = await new System({ workflows }).start();
});
afterAll(() => system.remove());

const asks = (email: string) => system.postForm('three', { email, agree: 'yes' });
const timeline = async (email: string): Promise<string[]> => {
  const { id } = await system.lead(email);
  const { items } = await system.json<{ items: { text: string }[] }>(`/api/leads/${id}/timeline`);
  return items.map(({ text }) => text);
};
const enrolment = async (email: string) => {
  const [own] = (await system.lead(email)).enrolments as { status: string; reason?: string }[];
  return own;
};
const page = async (email: string): Promise<string> =>
  (await fetch(`${system.url}/leads/${(await system.lead(email)).id}`)).text();
const ripen = (...args: string[]) =>
  run(process.execPath, [join(ROOT, 'infra', 'ripen.ts'), ...args], {
    env: { ...process.env, PORT: new URL(system.url).port },
  });

const simulated = (name: string) => `${name}+reader@simulator.amazonses.com`;

interface Story {
  to: string;
  mails: number;
  suppressed?: 'bounced' | 'complained';
  /** What the timeline says of it. */
  says: RegExp;
}
const STORIES: Story[] = [
  { to: simulated('success'), mails: 3, says: /three-leaks .*was sent and has arrived/ },
  { to: simulated('ooto'), mails: 3, says: /three-leaks .*was sent and has arrived/ },
  {
    to: simulated('bounce'),
    mails: 1,
    suppressed: 'bounced',
    says: /will never arrive: the address takes no mail \(General, 5\.1\.1\)/,
  },
  { to: simulated('suppressionlist'), mails: 1, suppressed: 'bounced', says: /will never arrive/ },
  {
    to: simulated('complaint'),
    mails: 1,
    suppressed: 'complained',
    says: /Complained about the mail three-leaks \(abuse\)/,
  },
  { to: 'reader@no-user.ses.test', mails: 1, suppressed: 'bounced', says: /will never arrive/ },
  { to: 'reader@expired.ses.test', mails: 1, suppressed: 'bounced', says: /will never arrive.*4\.4\.7/ },
  {
    to: 'reader@mailbox-full.ses.test',
    mails: 2,
    suppressed: 'bounced',
    says: /No mail any more: bounced: 2 soft bounces in a row/,
  },
  {
    to: 'reader@no-answer.ses.test',
    mails: 2,
    suppressed: 'bounced',
    says: /did not arrive this time \(General, 4\.4\.1\)/,
  },
  {
    to: 'reader@undetermined.ses.test',
    mails: 2,
    suppressed: 'bounced',
    says: /did not arrive this time \(Undetermined/,
  },
  { to: 'reader@too-large.ses.test', mails: 3, says: /refused for what it holds.*MessageTooLarge/ },
  { to: 'reader@content-rejected.ses.test', mails: 3, says: /refused for what it holds.*ContentRejected/ },
  { to: 'reader@away.ses.test', mails: 3, says: /was answered automatically/ },
];

describe('mail', () => {
  beforeAll(async () => {
    for (const { to } of STORIES) expect((await asks(to)).status).toBe(202);
    await system.advance('P4D');
  });

  it.each(STORIES)(
    'to $to ends in the right state, and the timeline says why',
    async ({ to, mails, suppressed, says }) => {
      expect(await system.mails(to)).toHaveLength(mails);
      const lead = await system.lead(to);
      const texts = await timeline(to);
      expect(texts.join('\n')).toMatch(says);
      if (suppressed) {
        expect(lead).toMatchObject({ suppressed: { reason: suppressed }, stopped: { reason: suppressed } });
        expect(await enrolment(to)).toMatchObject({ status: 'ended', reason: suppressed });
        expect(await page(to)).toContain('Left the workflow three: ');
      } else {
        expect(lead).not.toHaveProperty('suppressed');
        expect(await enrolment(to)).toMatchObject({ status: 'ended', reason: 'finished' });
      }
    },
  );

  it('is handed to nobody any more who is suppressed, whatever is asked for', async () => {
    const to = simulated('complaint');
    const before = (await system.mails(to)).length;
    await system.postForm('cash-flow-guide', { email: to, agree: 'yes' });
    await system.advance('P3D');
    expect(await system.mails(to)).toHaveLength(before);
  });
});

describe('an old list', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'ripen-import-')), 'list.csv');
  const agreed = '"I agree to get advice, by mail.";2026-06-01;the fair in Hanoi';
  const lines = [
    '\ufeffEmail;Name;Status;Consent text;Consent at;Consent source',
    `an@old.test;Nguyễn Văn An;;${agreed}`,
    'binh@old.test;Bình;unsubscribed;;;',
    'broken;;;;;',
    `chi@old.test;Chi;;${agreed}`,
    'dung@old.test;=1+1;;;;',
  ];

  it('is checked, taken and, sent again, taken no second time', async () => {
    writeFileSync(file, `${lines.join('\r\n')}\r\n`);
    const dry = await ripen('import', file, '--dry-run', '--json').catch((error) => error);
    expect(dry.code).toBe(1);
    expect(JSON.parse(dry.stdout)).toMatchObject({ dryRun: true, accepted: 3, suppressed: 1 });
    expect((await system.leads()).filter(({ email }) => email.endsWith('@old.test'))).toEqual([]);

    const first = await ripen('import', file, '--list', 'fair-2026').catch((error) => error);
    expect(first.code).toBe(1);
    expect(first.stdout).toContain('row 4: The address is not accepted: it has no @.');
    expect(first.stdout).toContain('row 6: The column name holds a formula.');
    expect(first.stdout).toContain('3 rows taken (1 of them addresses not to be mailed), 0 taken before, 2 refused.');
    const again = await ripen('import', file, '--list', 'fair-2026', '--json').catch((error) => error);
    expect(JSON.parse(again.stdout)).toMatchObject({ accepted: 0, duplicates: 3 });
  });

  it('brings leads that are nurtured, and a no that holds for whoever comes later', async () => {
    await asks('binh@old.test');
    await system.advance('P4D');
    expect((await system.mails('an@old.test')).map(({ tags }) => tags.email)).toEqual(['three-leaks']);
    expect(await system.lead('an@old.test')).toMatchObject({ name: 'Nguyễn Văn An' });
    expect((await system.mails('binh@old.test')).filter(({ tags }) => tags.purpose === 'marketing')).toEqual([]);
    expect(await system.lead('binh@old.test')).toMatchObject({ stopped: { reason: 'unsubscribed' } });
  });

  it('over the API answers with what was refused, and needs its header', async () => {
    const post = (body: string) =>
      fetch(`${system.url}/api/imports`, { method: 'POST', headers: { 'content-type': 'text/csv' }, body });
    const answer = await post('email,name\nem@old.test,Em\nx,y\n');
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({
      accepted: 1,
      suppressed: 0,
      duplicates: 0,
      refused: [{ row: 3, reason: 'The address is not accepted: it has no @.' }],
    });
    expect((await post('em@old.test,Em\n')).status).toBe(422);
  });

  it('exits with 0 where every row is taken, and says what is wrong with a file', async () => {
    writeFileSync(file, 'email\nfinal@old.test\n');
    expect((await ripen('import', file)).stdout).toContain('1 rows taken');
    await expect(ripen('import', `${file}.none`)).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('cannot be read'),
    });
    writeFileSync(file, 'name\nAda\n');
    await expect(ripen('import', file)).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('no column “email”'),
    });
  });
});

describe('the brake', () => {
  it('holds all marketing mail after three complaints in a small day, says why, and goes on when released', async () => {
    await asks('waits@brake.test');
    await system.settle();
    for (const name of ['one', 'two', 'three']) await asks(`${name}@complains.ses.test`);
    await system.settle();
    const { paused } = await system.json<{ paused: object }>('/api/workflows');
    expect(paused).toMatchObject({ all: true, reason: expect.stringMatching(/^3 complaints/) });
    expect(await (await fetch(`${system.url}/leads`)).text()).toContain('All marketing mail is paused.');

    await system.advance('P2D');
    expect(await system.mails('waits@brake.test')).toHaveLength(1);
    await system.postForm('cash-flow-guide', { email: 'asks@brake.test' });
    await system.settle();
    expect((await system.mails('asks@brake.test')).map(({ tags }) => tags.purpose)).toEqual(['transactional']);

    await ripen('resume', '--all');
    await asks('four@complains.ses.test');
    await system.advance('P2D');
    expect(await system.json('/api/workflows')).not.toHaveProperty('paused');
    expect(await system.mails('waits@brake.test')).toHaveLength(3);
  });
});
