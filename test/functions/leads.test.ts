import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { act } from '../../functions/adapters/act.ts';
import { countDelivered, countShares } from '../../functions/adapters/rates.ts';
import { app, handler } from '../../functions/leads.ts';
import { AT, exampleDefinition } from '../adapters/example-definition.ts';
import { address, guidePost, happening } from '../adapters/happenings.ts';
import { answerOf, requestEvent } from './requests.ts';
import { leadOf, setTime, startWorld, type World } from './world.ts';

let world: World;
let ada: string;
beforeAll(async () => {
  world = await startWorld();
  await act({ email: address('ada@list.example') }, guidePost('form:1', { fields: grown }), { at: AT });
  ada = (await leadOf('ada@list.example')).id;
  await act({ leadId: ada }, [happening('p', { data: { category: 'pricing' } })], { at: AT });
  await act({ leadId: ada }, [happening('d', { type: 'demo.requested', data: { form: 'demo-request' } })], { at: AT });
  for (let i = 0; i < 11; i++) {
    const at = `2027-03-01T03:00:0${Math.floor(i / 2)}.000Z`;
    await act({ email: address(`n${i}@list.example`) }, [happening('v', { at })], { at });
  }
  setTime('2027-03-01T04:00:00.000Z');
});
afterAll(() => world.stop());

const grown = { jobTitle: 'Director', companySize: '50-249', country: 'VN', name: 'Ada', id: 'mine' };
const get = async (path: string) => {
  const answer = await app.request(`http://localhost${path}`);
  return { status: answer.status, type: answer.headers.get('content-type'), json: await answer.json() };
};
const page = z.object({ items: z.array(z.looseObject({ id: z.string() })), cursor: z.optional(z.string()) });

describe('the list of leads', () => {
  it('shows each with stage, grade, both scores and its fields, which hide none of these', async () => {
    const { items } = page.parse((await get('/api/leads?stage=sql')).json);
    expect(items).toEqual([
      {
        id: ada,
        email: 'ada@list.example',
        name: 'Ada',
        stage: 'sql',
        grade: 'A',
        fit: 100,
        engagement: expect.any(Number),
        version: exampleDefinition.hash,
        createdAt: AT,
        jobTitle: 'Director',
        companySize: '50-249',
        country: 'VN',
      },
    ]);
  });

  it('comes newest first, in pages that neither lose nor repeat one', async () => {
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const { items, cursor: next } = page.parse(
        (await get(`/api/leads?limit=4${cursor ? `&cursor=${cursor}` : ''}`)).json,
      );
      expect(items.length).toBeLessThanOrEqual(4);
      seen.push(...items.map(({ id }) => id));
      cursor = next;
    } while (cursor);
    expect(new Set(seen).size).toBe(12);
    expect(seen).toHaveLength(12);
    expect(seen.at(-1)).toBe(ada);
  });

  it.each([
    ['grade=A', 1],
    ['grade=unknown', 11],
    ['grade=unknown&stage=sql', 0],
    ['stage=lead', 11],
    ['stage=customer', 0],
  ])('of %s holds %i', async (query, count) => {
    expect(page.parse((await get(`/api/leads?${query}`)).json).items).toHaveLength(count);
  });

  it.each([
    ['stage=hot', 'stage'],
    ['grade=E', 'grade'],
    ['limit=0', 'limit'],
    ['limit=101', 'limit'],
    ['limit=x', 'limit'],
    ['cursor=abc', 'cursor'],
    ['sort=name', 'sort'],
  ])('refuses ?%s by name', async (query, name) => {
    const answer = await get(`/api/leads?${query}`);
    expect(answer).toMatchObject({ status: 400, type: 'application/problem+json', json: { status: 400 } });
    expect(JSON.stringify(answer.json)).toContain(name);
  });
});

describe('one lead', () => {
  it('shows its profile and where it stands', async () => {
    const { json } = await get(`/api/leads/${ada}`);
    expect(json).toMatchObject({
      id: ada,
      stage: 'sql',
      consents: { marketing: { state: 'granted' } },
      handoff: { handRaise: true },
      enrolments: [{ workflow: 'guide-to-demo', status: 'ended', version: exampleDefinition.hash }],
    });
    const other = await leadOf('n1@list.example');
    expect((await get(`/api/leads/${other.id}`)).json).toMatchObject({ enrolments: [] });
  });

  it('explains its score: the contributions sum to it, each with its events', async () => {
    const contribution = z.looseObject({ rule: z.string(), points: z.number() });
    const part = z.object({ value: z.number(), contributions: z.array(contribution) });
    const shape = z.looseObject({
      version: z.string(),
      stage: z.string(),
      fit: part,
      engagement: part,
      gates: z.array(z.any()),
    });
    const score = shape.parse((await get(`/api/leads/${ada}/score`)).json);
    for (const { value, contributions } of [score.fit, score.engagement]) {
      expect(contributions.reduce((sum, { points }) => sum + points, 0)).toBeCloseTo(value, 6);
    }
    expect(score.version).toBe(exampleDefinition.hash);
    expect(score.engagement.contributions.find(({ rule }) => rule === 'guide')?.events).toHaveLength(1);
  });

  it('tells its history in order, each item in a sentence', async () => {
    const shape = z.object({ items: z.array(z.looseObject({ at: z.string(), kind: z.string(), text: z.string() })) });
    const { items } = shape.parse((await get(`/api/leads/${ada}/timeline`)).json);
    expect(items.map(({ at }) => at)).toEqual(items.map(({ at }) => at).toSorted());
    expect(items.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['event', 'stage', 'enrolment', 'handoff']));
    expect(items.map(({ text }) => text)).toEqual(
      expect.arrayContaining(['Sent the form cash-flow-guide', 'Entered the workflow guide-to-demo']),
    );
  });

  it.each(['', '/score', '/timeline'])('that does not exist is 404 at %s', async (path) => {
    for (const id of ['x', `lead_${'0'.repeat(26)}`, '%2e%2e']) {
      expect(await get(`/api/leads/${id}${path}`)).toMatchObject({ status: 404, type: 'application/problem+json' });
    }
  });
});

describe('handoffs', () => {
  it('are listed by status, without what only their machine needs', async () => {
    const { items } = page.parse((await get('/api/handoffs?status=pending')).json);
    expect(items).toMatchObject([{ leadId: ada, status: 'pending', reason: expect.any(String) }]);
    expect(items[0]).not.toHaveProperty('version');
    expect(page.parse((await get('/api/handoffs')).json).items).toHaveLength(1);
    expect(page.parse((await get('/api/handoffs?status=won')).json).items).toEqual([]);
    expect((await get('/api/handoffs?status=maybe')).status).toBe(400);
  });
});

describe('workflows', () => {
  it('show their steps and how many leads stand at each, by version', async () => {
    await act({ email: address('w@list.example') }, guidePost('form:1'), { at: AT });
    const { json } = await get('/api/workflows');
    expect(json).toMatchObject({
      items: [
        {
          name: 'guide-to-demo',
          version: exampleDefinition.hash,
          steps: [
            { id: 'wait', title: 'Wait 2 days', leads: 0 },
            { id: 'three-leaks', leads: 1 },
          ],
          leads: [{ version: exampleDefinition.hash, steps: { 'three-leaks': 1 }, sum: 1 }],
        },
      ],
    });
  });

  it('show one with its diagram', async () => {
    const { json } = await get('/api/workflows/guide-to-demo');
    expect(z.looseObject({ diagram: z.string() }).parse(json).diagram).toContain('s0(["Wait 2 days"])');
    expect((await get('/api/workflows/none')).status).toBe(404);
    expect((await get('/api/workflows/constructor')).status).toBe(404);
  });
});

describe('the report of engagement', () => {
  it('tells both rates of the mails of these days', async () => {
    const sent = { leadId: ada, messageId: 'm1', sentAt: '2027-02-20T09:00:00.000Z', email: 'three-leaks' };
    await countDelivered(sent);
    await countDelivered({ ...sent, messageId: 'm2', sentAt: '2027-02-21T09:00:00.000Z' });
    const none = { opened: false, openedByPeople: false, clicked: false, clickedByPeople: false };
    await countShares(sent, [{ before: none, after: { ...none, clicked: true } }]);
    const { json } = await get('/api/reports/engagement?from=2027-02-20&to=2027-02-21');
    expect(json).toMatchObject({
      items: [
        { email: 'three-leaks', delivered: 2, clicked: { all: { mails: 1, rate: 0.5 }, human: { mails: 0, rate: 0 } } },
      ],
    });
    expect((await get('/api/reports/engagement?from=2027-02-22')).json).toMatchObject({ to: '2027-03-01', items: [] });
  });

  it.each([
    ['from=yesterday', 'The query parameter from must be a day like 2027-03-01.'],
    ['from=2027-03-02&to=2027-03-01', 'A report is of 1 to 92 days, from the first to the last.'],
    ['since=2027-03-02', 'There is no query parameter since.'],
  ])('says what is wrong with %s', async (query, detail) => {
    expect(await get(`/api/reports/engagement?${query}`)).toMatchObject({ status: 400, json: { detail } });
  });
});

describe('the funnel', () => {
  it('tells of the leads of some days how far they have come', async () => {
    const { json } = await get('/api/reports/funnel?by=source&from=2027-03-01&to=2027-03-01');
    const { items } = (await get('/api/leads')).json as { items: unknown[] };
    expect(json).toMatchObject({ by: 'source', leads: items.length, items: [{ leads: items.length }] });
    expect((await get('/api/reports/funnel?from=2026-01-01&to=2026-01-31')).json).toMatchObject({
      leads: 0,
      items: [],
    });
  });

  it.each([
    ['by=colour', 'The query parameter by must be one of stage, source, workflow, version.'],
    ['from=2027-03-02&to=2027-03-01', 'A report is from its first day to its last.'],
  ])('says what is wrong with %s', async (query, detail) => {
    expect(await get(`/api/reports/funnel?${query}`)).toMatchObject({ status: 400, json: { detail } });
  });
});

describe('the function', () => {
  it('answers a request as API Gateway hands it over', async () => {
    const event = requestEvent({ path: `/api/leads/${ada}`, headers: { host: 'x' } });
    const read = answerOf(await handler(JSON.parse(JSON.stringify(event))));
    expect(read).toMatchObject({ statusCode: 200, json: { id: ada } });
  });
});
