/** Imports on the real table: what each row becomes, what is taken twice, and what is left after a kill. */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { act } from '../../functions/adapters/act.ts';
import { claimAt, enrolmentsOf, leadIdOf, loadLead, readLog } from '../../functions/adapters/leads.ts';
import type { Workflow } from '../../functions/definition/workflow.ts';
import { handler } from '../../functions/imports.ts';
import type { LocalDynamo } from '../local-dynamo.ts';
import { everyItem } from '../local-dynamo.ts';
import {
  beforeCall,
  calm,
  crash,
  disarm,
  enrolledLead,
  MONDAY,
  nurtureDefinition,
  setNow,
  startWorld,
  unsubscribes,
} from './nurture-world.ts';
import { answerOf, requestEvent } from './requests.ts';

const { pauses } = vi.hoisted(() => ({ pauses: [] as number[] }));
vi.mock('node:timers/promises', () => ({
  setTimeout: async (ms: number) => {
    pauses.push(ms);
  },
}));

const guide = nurtureDefinition.workflows['guide-to-demo'] as Workflow;
const oldList: Workflow = {
  ...guide,
  name: 'old-list',
  enrol: {
    on: 'event',
    event: 'lead.imported',
    where: { kind: 'property', property: 'list', test: { oneOf: ['fair-2026'] } },
    again: 'never',
  },
};

let local: LocalDynamo;
beforeAll(async () => {
  local = await startWorld({
    ...nurtureDefinition,
    workflows: { ...nurtureDefinition.workflows, 'old-list': oldList },
  });
  vi.stubGlobal('console', { ...console, info: () => undefined, warn: () => undefined, error: () => undefined });
});
afterAll(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
  return local.stop();
});
beforeEach(() => {
  calm();
  disarm();
  setNow('2027-03-02T02:00:00.000Z');
  pauses.length = 0;
});

const HEADER = 'email,name,status,consent,consent_text,consent_at,consent_source';
const agreed = 'marketing,I agree to get advice.,2026-06-01,https://www.example.org/guide';
const csv = (...rows: string[]): string => [HEADER, ...rows, ''].join('\n');

const shape = z.object({
  accepted: z.number(),
  suppressed: z.number(),
  duplicates: z.number(),
  refused: z.array(z.object({ row: z.number(), reason: z.string() })),
  setAside: z.array(z.string()).optional(),
  cursor: z.string().optional(),
});

const post = async (body: string | Uint8Array, query = '', headers = { 'content-type': 'text/csv' }) =>
  answerOf(await handler(requestEvent({ method: 'POST', path: '/api/imports', query, headers, body })));
const imported = async (body: string, query = '') => {
  const answer = await post(body, query);
  expect(answer.statusCode).toBe(200);
  return shape.parse(answer.json);
};

const addressOf = (email: string) => ({ asTyped: email, deliverTo: email, key: email });
const leadOf = async (email: string) => {
  const id = await leadIdOf(addressOf(email));
  return id === undefined ? undefined : loadLead(id);
};

describe('POST /api/imports', () => {
  it('takes leads with their consent, refuses rows by number and reason, and sets unknown columns aside', async () => {
    const body = csv(
      `ada@one.example,Ada,,${agreed}`,
      'broken,,,,,,',
      `bob@one.example,=1+1,,${agreed}`,
      '',
      'cy@one.example,,,,,,',
    );
    expect(
      await imported(body.replaceAll('consent_source', 'consent_source,CRM').replaceAll('guide', 'guide,x')),
    ).toEqual({
      accepted: 2,
      suppressed: 0,
      duplicates: 0,
      refused: [
        { row: 3, reason: 'The address is not accepted: it has no @.' },
        { row: 4, reason: 'The column name holds a formula.' },
      ],
      setAside: ['CRM'],
    });
    expect(await leadOf('ada@one.example')).toMatchObject({
      consents: { marketing: { state: 'granted', at: '2026-06-01T00:00:00.000Z' } },
      fields: { name: 'Ada' },
      source: { first: { channel: 'import' } },
    });
    expect((await leadOf('cy@one.example'))?.consents).toEqual({});
  });

  it('takes no row of a file twice, and a row of another file anew', async () => {
    const body = csv(`ada@two.example,Ada,,${agreed}`, 'gone@two.example,,unsubscribed,,,,');
    expect(await imported(body)).toMatchObject({ accepted: 2, suppressed: 1, duplicates: 0 });
    expect(await imported(body)).toMatchObject({ accepted: 0, suppressed: 0, duplicates: 2 });
    expect(await imported(csv(`ada@two.example,Ada B.,,${agreed}`))).toMatchObject({ accepted: 1 });
  });

  it('keeps a no of an address without a lead as its hash alone, and a lead of that address inherits it', async () => {
    await imported(csv('no@three.example,Nora,unsubscribed,,,,', 'dead@three.example,,bounced,,,,'));
    expect(await claimAt(addressOf('no@three.example'))).toMatchObject({ stopped: { reason: 'unsubscribed' } });
    expect(await claimAt(addressOf('dead@three.example'))).toMatchObject({ suppressed: { reason: 'bounced' } });
    expect(JSON.stringify(await everyItem())).not.toMatch(/no@three|dead@three|Nora/);
    expect(await imported(csv('no@three.example,Nora,complained,,,,'))).toMatchObject({ suppressed: 1 });
    expect(await claimAt(addressOf('no@three.example'))).toMatchObject({
      suppressed: { reason: 'complained' },
      stopped: { reason: 'unsubscribed' },
    });
    await imported(csv(`dead@three.example,Dora,,${agreed}`));
    expect(await leadOf('dead@three.example')).toMatchObject({
      suppressed: { reason: 'bounced' },
      fields: { name: 'Dora' },
    });
  });

  it('ends the marketing of a lead that the list calls unsubscribed, bounced or complained', async () => {
    const known = await enrolledLead();
    const email = (await loadLead(known.leadId))?.email.key ?? '';
    expect(await imported(csv(`${email},,bounced,,,,`))).toMatchObject({ accepted: 1, suppressed: 1 });
    expect(await loadLead(known.leadId)).toMatchObject({
      suppressed: { reason: 'bounced' },
      emailStatus: 'undeliverable',
    });
    expect(await enrolmentsOf(known.leadId)).toMatchObject([{ status: 'ended', reason: 'bounced' }]);
  });

  it('lifts no unsubscribe by a consent from before it', async () => {
    const known = await enrolledLead();
    await unsubscribes(known.leadId);
    const email = (await loadLead(known.leadId))?.email.key ?? '';
    await imported(csv(`${email},,,${agreed}`));
    expect(await loadLead(known.leadId)).toMatchObject({
      stopped: { reason: 'unsubscribed' },
      consents: { marketing: { state: 'withdrawn' } },
    });
  });

  it('overwrites nothing that a lead said after its row’s time', async () => {
    const known = await enrolledLead({ fields: { name: 'Hương' } });
    const email = (await loadLead(known.leadId))?.email.key ?? '';
    await imported(csv(`${email},Old Name,,${agreed}`));
    expect((await loadLead(known.leadId))?.fields.name).toBe('Hương');
  });

  it('writes nothing in a dry run, and tells what it would do', async () => {
    const before = (await everyItem()).length;
    const body = csv(`ada@four.example,Ada,,${agreed}`, 'gone@four.example,,bounced,,,,', 'x,,,,,,');
    expect(await imported(body, 'dry-run=true')).toMatchObject({ accepted: 2, suppressed: 1, refused: [{ row: 4 }] });
    expect(await everyItem()).toHaveLength(before);
    expect(await imported(body)).toMatchObject({ accepted: 2 });
  });

  it('enrols by the name of the list, no faster than machines may start, and goes on at its cursor', async () => {
    const rows = Array.from({ length: 420 }, (_, i) => `p${i}@many.example,,,${agreed}`);
    const body = csv(...rows);
    const first = await imported(body, 'list=fair-2026');
    expect(first).toMatchObject({ accepted: 400, cursor: '402' });
    // 20 a second.
    expect(pauses.reduce((sum, ms) => sum + ms, 0)).toBeGreaterThanOrEqual(20_000);
    const second = await imported(body, `list=fair-2026&cursor=${first.cursor}`);
    expect(second).toMatchObject({ accepted: 20, duplicates: 0 });
    expect(second.cursor).toBeUndefined();
    const lead = await leadOf('p419@many.example');
    expect(await enrolmentsOf(lead?.id ?? '')).toMatchObject([{ workflow: 'old-list', status: 'active' }]);
    expect(new Set(rows.map((_, i) => i)).size).toBe(420);
  });

  it('takes each row once when it is killed and sent again', async () => {
    const rows = Array.from({ length: 40 }, (_, i) => `k${i}@killed.example,,,${agreed}`);
    const body = csv(...rows, 'no@killed.example,,unsubscribed,,,,');
    let commits = 0;
    const dies = (): void => {
      // Several rows go out in one call; nothing goes out of a process that is gone.
      beforeCall('TransactWriteItems', dies);
      if (++commits >= 2) crash();
    };
    beforeCall('TransactWriteItems', dies);
    expect((await post(body, 'list=fair-2026')).statusCode).toBe(503);
    disarm();
    const again = await imported(body, 'list=fair-2026');
    expect(again.accepted + again.duplicates).toBe(41);
    expect(again.duplicates).toBeGreaterThan(0);
    for (const i of [0, 23, 24, 25, 39]) {
      const lead = await leadOf(`k${i}@killed.example`);
      expect((await readLog(lead?.id ?? '')).filter(({ type }) => type === 'lead.imported')).toHaveLength(1);
      expect(await enrolmentsOf(lead?.id ?? '')).toHaveLength(1);
    }
  });

  it('makes one lead of an address that stands in a file twice, and of one that posts a form meanwhile', async () => {
    const address = addressOf('twice@five.example');
    const form = { key: 'form:five', type: 'page.viewed', at: MONDAY, actor: 'human', data: {} } as const;
    const [answer] = await Promise.all([
      imported(csv(`twice@five.example,Ada,,${agreed}`, `Twice@five.example,Ada,,${agreed}`)),
      act({ email: address }, [form], { at: MONDAY }),
    ]);
    expect(answer).toMatchObject({ accepted: 2 });
    const lead = await leadOf('twice@five.example');
    const types = (await readLog(lead?.id ?? '')).map(({ type }) => type);
    expect(types.sort()).toEqual(['lead.imported', 'lead.imported', 'page.viewed']);
  });

  it.each([
    ['400', 'cursor=1', csv(), 'text/csv', 'cursor'],
    ['400', 'cursor=x', csv(), 'text/csv', 'cursor'],
    ['400', 'list=Big%20Fair', csv(), 'text/csv', 'list'],
    ['400', 'dry-run=maybe', csv(), 'text/csv', 'dry-run'],
    ['400', 'dryrun=true', csv(), 'text/csv', 'dryrun'],
    ['415', '', '{}', 'application/json', 'text/csv'],
    ['422', '', 'name\nAda\n', 'text/csv', 'email'],
    ['422', '', 'email,name\na@b.example,"Ada\n', 'text/csv', 'quotation mark'],
    ['422', '', '', 'text/csv', 'empty'],
    ['413', '', `email\n${'x'.repeat(4 * 1024 * 1024)}`, 'text/csv', '4 MB'],
  ])('answers %s to “%s” and says why', async (status, query, body, type, why) => {
    const answer = await post(body, query, { 'content-type': type });
    expect(String(answer.statusCode)).toBe(status);
    expect(answer.headers['content-type']).toBe('application/problem+json');
    expect(answer.body).toContain(why);
  });

  it('answers 422 to a file in another encoding', async () => {
    expect((await post(Buffer.from('email,name\na@b.example,Andr\xe9\n', 'latin1'))).statusCode).toBe(422);
  });
});

describe('a page of the command', () => {
  it('is the same row of the same file as over the API', async () => {
    const body = csv(`ada@six.example,Ada,,${agreed}`);
    await imported(body);
    const file = createHash('sha256').update(body).digest('hex').slice(0, 32);
    const page = { kind: 'page', file, header: HEADER.split(','), first: 2 };
    const row = ['ada@six.example', 'Ada', '', ...agreed.split(',')];
    expect(await handler({ ...page, rows: [row] })).toMatchObject({
      accepted: 0,
      duplicates: 1,
      setAside: [],
      hints: [],
    });
    expect(await handler({ ...page, first: 9, rows: [['x']] })).toMatchObject({ refused: [{ row: 9 }] });
    await expect(handler({ ...page, header: ['name'], rows: [] })).rejects.toThrow('no column “email”');
  });
});
