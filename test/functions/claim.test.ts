import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { describe, expect, it, vi } from 'vitest';
import { eraseLead } from '../../functions/adapters/erase.ts';
import { forgetVisitor } from '../../functions/adapters/forget-visitor.ts';
import { readLog } from '../../functions/adapters/leads.ts';
import { handler as claim } from '../../functions/claim.ts';
import { handler as hands } from '../../functions/hands.ts';
import type { LeadEvent } from '../../functions/lead/event.ts';
import { visitorHash } from '../../functions/lead/visitor.ts';
import { handler as merge } from '../../functions/merge.ts';
import { handler as submit } from '../../functions/submit.ts';
import { handler as sweep } from '../../functions/sweep.ts';
import { handler as visits } from '../../functions/visits.ts';
import { handler as wipe } from '../../functions/wipe.ts';
import { AT } from '../adapters/example-definition.ts';
import { everyItem } from '../local-dynamo.ts';
import { answerOf, postJson, requestEvent } from './requests.ts';
import { leadOf, setTime, useWorld } from './world.ts';

const world = useWorld();

let nth = 0x1000;
const newHex = () => (++nth).toString(16).padStart(32, '0');
const minute = (n: number): string => new Date(Date.parse(AT) + n * 60_000).toISOString();
const hashOf = (visitor: string): string => visitorHash(visitor) ?? '';

/** A view at a minute; returns its id. */
async function look(visitor: string, at: number, over: object = {}): Promise<string> {
  setTime(minute(at));
  const view = newHex();
  const body = JSON.stringify({
    visitor,
    view,
    page: `https://www.example.com/p${at}`,
    referrer: 'https://www.example.com/',
    ...over,
  });
  const headers = { 'content-type': 'text/plain', origin: 'https://www.example.com' };
  const answer = answerOf(await visits(requestEvent({ method: 'POST', path: '/visits', headers, body })));
  expect(answer).toMatchObject({ statusCode: 202, json: {} });
  return view;
}

/** A post at a minute; returns the message that its commit leaves. */
async function post(email: string, visitor: string, at: number, over: object = {}): Promise<object> {
  setTime(minute(at));
  const form = 'cash-flow-guide';
  const values = { email, ripen_visitor: visitor, country: 'VN', ...over };
  const answer = answerOf(await submit(postJson(`/forms/${form}`, { form }, values)));
  expect(answer.json).toEqual({ submissionId: expect.any(String) });
  const { id } = await leadOf(email);
  return { detail: { type: 'visitor.claimed', visitor: hashOf(visitor), leadId: id, from: minute(at) } };
}

const more = (visitor: string): object => ({ detail: { type: 'visitor.viewed', visitor: hashOf(visitor) } });
const viewsIn = async (email: string): Promise<LeadEvent[]> =>
  (await readLog((await leadOf(email)).id)).filter(({ type }) => type === 'page.viewed');
const pagesIn = async (email: string): Promise<unknown[]> => (await viewsIn(email)).map(({ data }) => data.page);

describe('a form that is sent from a visitor’s browser', () => {
  it('brings its page views into the lead, at their own times, and its first source', async () => {
    const visitor = newHex();
    await look(visitor, 0, { referrer: 'https://www.google.com/', seconds: 30, category: 'pricing' });
    await look(visitor, 1, { seconds: 5 });
    const message = await post('merge@one.example', visitor, 2, { utm_source: 'zalo' });
    expect(world.published()).toContain('visitor.claimed');
    expect(await pagesIn('merge@one.example')).toEqual([]);
    await claim(message);
    expect(await viewsIn('merge@one.example')).toMatchObject([
      { at: minute(0), actor: 'human', data: { page: '/p0', category: 'pricing', seconds: 30 } },
      { at: minute(1), actor: 'human', data: { page: '/p1', seconds: 5 } },
    ]);
    const { source, conversions } = await leadOf('merge@one.example');
    expect(source.first).toMatchObject({ channel: 'organic-search', page: 'https://www.example.com/p0' });
    expect(source.last).toMatchObject({ utm: { source: 'zalo' } });
    expect(conversions).toBe(1);
  });

  it('keeps the id of the lead that is known, and counts nothing twice', async () => {
    const visitor = newHex();
    const other = newHex();
    await claim(await post('known@one.example', other, 0));
    const { id } = await leadOf('known@one.example');
    await look(visitor, 3);
    const message = await post('known@one.example', visitor, 10);
    await claim(message);
    const { version, values } = await leadOf('known@one.example');
    await claim(message);
    await claim(more(visitor));
    const after = await leadOf('known@one.example');
    expect(after).toMatchObject({ id, version, values });
    expect(await pagesIn('known@one.example')).toEqual(['/p3']);
  });

  it('leaves nothing of a moved view behind but that it was moved', async () => {
    const visitor = newHex();
    const view = await look(visitor, 0, { seconds: 9 });
    await claim(await post('left@one.example', visitor, 1));
    const left = (await everyItem()).find(({ sk }) => sk === `VIEW#${view}`);
    expect(left).toMatchObject({ body: { id: view, moved: true } });
    expect(Object.keys(left ?? {}).sort()).toEqual(['body', 'pk', 'sk', 'ttl']);
  });

  it('claims nothing where the id is none, and none where a machine or the own staff sent it', async () => {
    await post('noid@one.example', 'nonsense', 0);
    const form = 'cash-flow-guide';
    const values = { email: 'x@one.example', website: 'spam', ripen_visitor: newHex() };
    await submit(postJson(`/forms/${form}`, { form }, values));
    await submit(postJson(`/forms/${form}`, { form }, { email: 'an@staff.example', ripen_visitor: newHex() }));
    expect(world.published()).not.toContain('visitor.claimed');
  });

  it('moves a machine’s views as a machine’s', async () => {
    const visitor = newHex();
    const event = requestEvent({
      method: 'POST',
      headers: { 'content-type': 'text/plain' },
      body: JSON.stringify({ visitor, view: newHex(), page: 'https://www.example.com/a' }),
    });
    Object.assign(event, { requestContext: { http: { method: 'POST', userAgent: 'Googlebot/2.1' } } });
    await visits(event);
    await claim(await post('bot@one.example', visitor, 1));
    expect(await viewsIn('bot@one.example')).toMatchObject([
      { actor: 'machine', reasons: [expect.stringContaining('calls itself bot')] },
    ]);
    expect((await leadOf('bot@one.example')).values.page).toBeUndefined();
  });
});

describe('a visitor that a lead has claimed', () => {
  it('tells of further pages, which go to the lead once they are left', async () => {
    const visitor = newHex();
    await claim(await post('later@one.example', visitor, 0));
    world.quiet();
    const view = await look(visitor, 5, { open: true });
    expect(world.published()).toEqual([]);
    await look(visitor, 6, { view, seconds: 44 });
    expect(world.published()).toEqual(['visitor.viewed']);
    await claim(more(visitor));
    expect(await viewsIn('later@one.example')).toMatchObject([{ at: minute(5), data: { seconds: 44 } }]);
  });

  it('has a view that is never left taken as left by the sweeper', async () => {
    const visitor = newHex();
    await claim(await post('open@one.example', visitor, 0));
    await look(visitor, 5, { open: true, seconds: 15 });
    await claim(more(visitor));
    expect(await pagesIn('open@one.example')).toEqual([]);
    world.quiet();
    setTime(minute(10));
    await sweep();
    expect(world.published()).toContain('visitor.viewed');
    await claim(more(visitor));
    expect(await pagesIn('open@one.example')).toEqual(['/p5']);
    world.quiet();
    setTime(minute(20));
    await sweep();
    expect(world.published()).not.toContain('visitor.viewed');
  });

  it('whose page was open when the form was sent has it moved later, too', async () => {
    const visitor = newHex();
    await look(visitor, 0, { open: true, seconds: 20 });
    await claim(await post('tab@one.example', visitor, 1));
    expect(await pagesIn('tab@one.example')).toEqual([]);
    setTime(minute(6));
    world.quiet();
    await sweep();
    expect(world.published()).toContain('visitor.viewed');
    await claim(more(visitor));
    expect(await pagesIn('tab@one.example')).toEqual(['/p0']);
  });

  it('never gives one person’s views to another', async () => {
    const visitor = newHex();
    const first = await look(visitor, 0);
    await claim(await post('a@shared.example', visitor, 1));
    await look(visitor, 2);
    const byB = await post('b@shared.example', visitor, 3);
    await claim(byB);
    await look(visitor, 4);
    await look(visitor, 5, { view: first, seconds: 99 });
    await claim(more(visitor));
    expect(await pagesIn('a@shared.example')).toEqual(['/p0', '/p2']);
    expect(await pagesIn('b@shared.example')).toEqual(['/p4']);
  });

  it('is heard no more once it tells more than any reader would', async () => {
    const visitor = newHex();
    await claim(await post('flood@one.example', visitor, 0));
    const { dynamo, toItem, values } = await import('../../functions/adapters/dynamo.ts');
    const { UpdateItemCommand } = await import('@aws-sdk/client-dynamodb');
    await dynamo.send(
      new UpdateItemCommand({
        TableName: process.env.TABLE_NAME,
        Key: toItem({ pk: `VISITOR#${hashOf(visitor)}`, sk: 'PROFILE' }),
        UpdateExpression: 'SET #views = :many',
        ExpressionAttributeNames: { '#views': 'views' },
        ExpressionAttributeValues: values({ ':many': 3000 }),
      }),
    );
    world.quiet();
    await look(visitor, 1);
    expect(world.published()).toEqual([]);
  });

  it('is forgotten with its lead, but for what is another person’s', async () => {
    const visitor = newHex();
    const left = async () => (await everyItem()).filter(({ pk }) => pk === `VISITOR#${hashOf(visitor)}`);
    await claim(await post('a@forgotten.example', visitor, 0));
    await look(visitor, 1);
    const byB = await post('b@forgotten.example', visitor, 2);
    await claim(byB);
    await look(visitor, 3, { open: true });
    const [a, b] = [await leadOf('a@forgotten.example'), await leadOf('b@forgotten.example')];
    await forgetVisitor(hashOf(visitor), a.id);
    expect(JSON.stringify(await left())).not.toContain(a.id);
    await look(visitor, 1);
    setTime(minute(9));
    await claim(more(visitor));
    expect(await pagesIn('b@forgotten.example')).toEqual(['/p3']);
    expect(await pagesIn('a@forgotten.example')).toEqual(['/p1']);
    await forgetVisitor(hashOf(visitor), b.id);
    expect(await left()).toEqual([]);
  });
});

describe('a lead with a visitor', () => {
  it('that is merged into another one takes the visitor along, and is erased with it', async () => {
    const visitor = newHex();
    const left = async () => (await everyItem()).filter(({ pk }) => pk === `VISITOR#${hashOf(visitor)}`);
    await claim(await post('given-up@merged.example', visitor, 0));
    await post('kept@merged.example', 'none', 1);
    const [from, into] = [await leadOf('given-up@merged.example'), await leadOf('kept@merged.example')];
    const asked = postJson(`/api/leads/${from.id}/merge`, { id: from.id }, { into: into.id });
    expect(answerOf(await hands(asked)).statusCode).toBeLessThan(300);
    await merge({ detail: { leadId: from.id } });
    await look(visitor, 5);
    await claim(more(visitor));
    expect((await readLog(into.id)).filter(({ type }) => type === 'page.viewed')).toHaveLength(1);
    await look(visitor, 6);
    await eraseLead(into.id, minute(7), { keepsNo: true });
    setTime(minute(7));
    await wipe({ detail: { leadId: into.id } });
    expect(await left()).toEqual([]);
    // A message that comes late finds nobody.
    await claim({ detail: { type: 'visitor.claimed', visitor: hashOf(visitor), leadId: from.id, from: minute(0) } });
    await claim(more(visitor));
    expect((await everyItem()).filter(({ pk }) => pk === `LEAD#${into.id}`).map(({ sk }) => sk)).toEqual(['PROFILE']);
  });
});

describe('in any order and however often it breaks', () => {
  it('two claims at once move each view once, to one of the two', async () => {
    const visitor = newHex();
    for (let at = 0; at < 30; at++) await look(visitor, at / 10);
    const [a, b] = [await post('a@race.example', visitor, 4), await post('b@race.example', visitor, 5)];
    await Promise.all([claim(b), claim(a), claim(b), claim(a)]);
    await claim(more(visitor));
    const all = [...(await viewsIn('a@race.example')), ...(await viewsIn('b@race.example'))];
    expect(all).toHaveLength(30);
    expect(new Set(all.map(({ key }) => key)).size).toBe(30);
  });

  it('views that land while the claim runs are moved, by it or after it', async () => {
    const visitor = newHex();
    for (let at = 0; at < 10; at++) await look(visitor, 0);
    const message = await post('lands@race.example', visitor, 1);
    world.quiet();
    await Promise.all([claim(message), ...Array.from({ length: 20 }, () => look(visitor, 1))]);
    if (world.published().includes('visitor.viewed')) await claim(more(visitor));
    expect(await viewsIn('lands@race.example')).toHaveLength(30);
  });

  it.each([2, 5, 9, 14, 22, 30, 33, 40, 50, 58])('a claim that is killed at its call %i is resumed', async (calls) => {
    const visitor = newHex();
    const email = `killed${calls}@race.example`;
    for (let at = 0; at < 25; at++) await look(visitor, at / 10);
    const message = await post(email, visitor, 3);
    const real = DynamoDBClient.prototype.send;
    let count = 0;
    vi.spyOn(DynamoDBClient.prototype, 'send').mockImplementation(function (this: DynamoDBClient, ...args: unknown[]) {
      if (++count >= calls) return Promise.reject(new Error('killed'));
      return Reflect.apply(real, this, args);
    });
    await expect(claim(message)).rejects.toThrow('killed');
    vi.restoreAllMocks();
    await claim(message);
    expect(await viewsIn(email)).toHaveLength(25);
    // Ten points at most for pages, as the definition caps them: none was lost, none counted twice.
    expect((await leadOf(email)).values.page?.value).toBeGreaterThan(9.9);
  });

  it('a lead with a long history takes a visitor’s views all the same', { timeout: 60_000 }, async () => {
    const visitor = newHex();
    for (let at = 0; at < 130; at++) await look(visitor, at / 100);
    await claim(await post('long@race.example', visitor, 2));
    const another = newHex();
    for (let at = 0; at < 5; at++) await look(another, at / 100);
    await claim(await post('long@race.example', another, 30));
    expect(await viewsIn('long@race.example')).toHaveLength(135);
  });
});
