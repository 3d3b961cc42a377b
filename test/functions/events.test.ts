import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { describe, expect, it, vi } from 'vitest';
import { leadIdOf, readLog } from '../../functions/adapters/leads.ts';
import { handler } from '../../functions/events.ts';
import { address } from '../adapters/happenings.ts';
import { answerOf, postJson, requestEvent } from './requests.ts';
import { leadOf, useWorld } from './world.ts';

const world = useWorld();

const post = async (body: unknown) => answerOf(await handler(postJson('/api/events', {}, body)));
const applied = (id: string) => ({ id, outcome: 'applied', leadId: expect.stringMatching(/^lead_/) });
const view = (id: string, email: string, over = {}) => ({ id, type: 'page.viewed', email, ...over });

describe('events from outside', () => {
  it('make the lead of an unknown address, with the source api, and leave a known one its own', async () => {
    expect(await post(view('e1', 'new@api.example'))).toMatchObject({
      statusCode: 202,
      json: { items: [applied('e1')] },
    });
    expect((await leadOf('new@api.example')).source).toEqual({ first: { channel: 'api' }, last: { channel: 'api' } });
    const before = await leadOf('new@api.example');
    await post(view('e2', 'new@api.example'));
    expect((await leadOf('new@api.example')).source).toEqual(before.source);
    expect((await readLog(before.id)).map(({ source }) => source)).toEqual([{ channel: 'api' }, undefined]);
  });

  it('are applied once by their id, alone and in a batch', async () => {
    await post(view('once', 'once@api.example'));
    const { json } = await post({ events: [view('once', 'once@api.example'), view('twice', 'once@api.example')] });
    expect(json).toMatchObject({ items: [{ id: 'once', outcome: 'duplicate' }, applied('twice')] });
    const { id } = await leadOf('once@api.example');
    expect(await readLog(id)).toHaveLength(2);
  });

  it('each get an outcome in their place: one that is refused refuses no other', async () => {
    const unknown = `lead_${'0'.repeat(26)}`;
    const { statusCode, json } = await post({
      events: [
        view('ok', 'mixed@api.example'),
        { id: 'no-type', email: 'mixed@api.example' },
        view('staff', 'lan@staff.example'),
        { id: 'nobody', type: 'page.viewed', leadId: unknown },
        view('own', 'mixed@api.example', { type: 'email.clicked' }),
        'text',
      ],
    });
    expect(statusCode).toBe(202);
    expect(json).toMatchObject({
      items: [
        applied('ok'),
        { id: 'no-type', outcome: 'refused', why: expect.stringContaining('type') },
        { id: 'staff', outcome: 'refused' },
        { id: 'nobody', outcome: 'refused', why: 'There is no lead of that id.' },
        { id: 'own', outcome: 'refused' },
        { outcome: 'refused' },
      ],
    });
    expect(await leadIdOf(address('lan@staff.example'))).toBeUndefined();
  });

  it('of one lead are applied in few commits, of many leads at once', async () => {
    const events = Array.from({ length: 60 }, (_, i) =>
      view(`b${i}`, `batch${i % 3}@api.example`, { data: { nth: i } }),
    );
    const { json } = await post({ events });
    expect(json).toMatchObject({ items: events.map(({ id }) => applied(id)) });
    for (const lead of [0, 1, 2]) {
      const { id, version } = await leadOf(`batch${lead}@api.example`);
      // The first as it came, those that had to wait together.
      expect(version).toBe(2);
      expect(await readLog(id)).toHaveLength(20);
    }
  });

  it('told twice in one batch are applied once, and the second is told to be a duplicate', async () => {
    const ids = ['first', 'again', 'other', 'again', 'first', 'last'];
    const { json } = await post({ events: ids.map((id) => view(id, 'again@api.example')) });
    const outcomes = (json as { items: { outcome: string }[] }).items.map(({ outcome }) => outcome);
    expect(outcomes).toEqual(['applied', 'applied', 'applied', 'duplicate', 'duplicate', 'applied']);
    expect(await readLog((await leadOf('again@api.example')).id)).toHaveLength(4);
  });

  it('that raise a hand hand the lead over', async () => {
    await post(view('raise', 'demo@api.example', { type: 'demo.requested' }));
    expect(world.published()).toContain('lead.hand-raised');
  });
});

describe('a body', () => {
  it.each([
    [400, 'that is no JSON', '{'],
    [400, 'that is a list', '[]'],
    [400, 'whose events are no list', '{"events":{}}'],
    [400, 'of more than 2000 events', JSON.stringify({ events: Array.from({ length: 2001 }, () => ({})) })],
    [413, 'larger than 2 MB', `{"events":["${'x'.repeat(2 * 1024 * 1024)}"]}`],
  ])('is answered %i: one %s', async (status, _, body) => {
    const event = requestEvent({ method: 'POST', headers: { 'content-type': 'application/json' }, body });
    expect(answerOf(await handler(event))).toMatchObject({ statusCode: status, json: { status } });
  });

  it('that cannot be stored is answered 503, to be sent again as it is', async () => {
    const real = DynamoDBClient.prototype.send;
    vi.spyOn(DynamoDBClient.prototype, 'send').mockImplementation(function (this: DynamoDBClient, ...args: unknown[]) {
      const fails = JSON.stringify(args[0]).includes('fails@');
      return fails ? Promise.reject(new Error('throttled')) : Reflect.apply(real, this, args);
    });
    const body = { events: [view('s1', 'stored@api.example'), view('s2', 'fails@api.example')] };
    expect(await post(body)).toMatchObject({ statusCode: 503, headers: { 'retry-after': '5' } });
    vi.restoreAllMocks();
    expect((await post(body)).json).toMatchObject({ items: [{ outcome: 'duplicate' }, applied('s2')] });
  });
});
