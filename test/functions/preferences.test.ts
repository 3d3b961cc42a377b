import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { enrolmentsOf, readLog } from '../../functions/adapters/leads.ts';
import { later } from '../../functions/adapters/table.ts';
import { sign } from '../../functions/adapters/tokens.ts';
import { handler } from '../../functions/preferences.ts';
import type { LocalDynamo } from '../local-dynamo.ts';
import { calm, happens, leadOf, MONDAY, messages, nurtureDefinition, setNow, startWorld } from './nurture-world.ts';
import { asks, form, newAddress, postGuide, SPOILT, stateOf, tick } from './recipients-world.ts';

const DAY = 86_400_000;
const topics = { tips: { en: 'Tips', vi: 'Mẹo' }, events: { en: 'Events' } };
let local: LocalDynamo;
beforeAll(async () => {
  const settings = { ...nurtureDefinition.settings, languages: ['en', 'vi', 'th'], topics };
  local = await startWorld({ ...nurtureDefinition, settings });
});
afterAll(() => local.stop());
beforeEach(() => {
  calm();
  for (const level of ['error', 'warn', 'info'] as const) vi.spyOn(console, level).mockImplementation(() => {});
});

const ask = asks(handler, 'preferences');
const NOW = later(MONDAY, DAY);

/** A reader who agreed, the day after. */
async function reader(over = {}) {
  const consent = [tick({ doubleOptIn: undefined, frequency: { perWeek: 2 }, ...over } as object)];
  const { id } = await postGuide(newAddress(), { consent });
  setNow(NOW);
  return { id, token: await sign({ purpose: 'preferences', subject: id }, MONDAY) };
}

describe('the page', () => {
  it.each(['GET', 'HEAD'])('by %s changes nothing', async (method) => {
    const { id, token } = await reader();
    const before = await stateOf(id);
    const answer = await ask(token, method);
    expect(answer.statusCode).toBe(200);
    expect(answer.body).not.toContain(id);
    expect(answer.body).not.toContain('<script');
    expect(await stateOf(id)).toEqual(before);
  });

  it('shows what stands: topics, the promise, the pause, the language', async () => {
    const { id, token } = await reader();
    await ask(token, 'POST', form({ action: 'save', topic: ['tips'], frequency: '1', pause: '30', language: 'vi' }));
    const { body } = await ask(token);
    expect(body).toContain('<html lang="vi">');
    expect(body).toMatch(/value="tips" checked/);
    expect(body).not.toMatch(/value="events" checked/);
    expect(body).toMatch(/value="1" checked/);
    expect(body).toMatch(/value="keep" checked/);
    expect(body).toContain('Như đã thỏa thuận: 2 email mỗi tuần');
    expect(await leadOf(id)).toMatchObject({
      language: 'vi',
      preferences: { topicsOff: ['events'], frequency: { perWeek: 1 }, pausedUntil: later(NOW, 30 * DAY) },
    });
  });

  it('records a choice that changes nothing nowhere', async () => {
    const { id, token } = await reader();
    const chosen = form({ action: 'save', topic: ['tips', 'events'], frequency: 'agreed', pause: 'none' });
    expect((await ask(token, 'POST', chosen)).statusCode).toBe(200);
    expect((await readLog(id)).map(({ type }) => type)).not.toContain('preferences.changed');
  });

  it('takes choices back', async () => {
    const { id, token } = await reader();
    await ask(token, 'POST', form({ action: 'save', topic: [], frequency: '1', pause: '90' }));
    setNow(later(NOW, DAY));
    await ask(token, 'POST', form({ action: 'save', topic: ['tips', 'events'], frequency: 'agreed', pause: 'none' }));
    expect((await leadOf(id)).preferences).toBeUndefined();
  });

  it.each([
    ['an action that there is not', { action: 'delete' }],
    ['no action', { frequency: '1' }],
    ['the name of a method', { action: 'toString', frequency: '__proto__' }],
  ])('takes %s for nothing', async (_, values) => {
    const { id, token } = await reader();
    const before = await stateOf(id);
    expect((await ask(token, 'POST', form(values))).statusCode).toBe(200);
    expect(await stateOf(id)).toEqual(before);
  });

  it.each([
    ['a frequency', { frequency: '99' }],
    ['a pause', { pause: '7' }],
    ['a language', { language: 'xx' }],
    ['a topic', { topic: ['tips', 'nonsense'] }],
    ['the name of a method', { frequency: '__proto__', pause: 'toString' }],
  ])('saves nothing of a post with %s that is not on it, and says so', async (_, values) => {
    const { id, token } = await reader();
    const before = await stateOf(id);
    const answer = await ask(token, 'POST', form({ action: 'save', topic: ['tips'], ...values }));
    expect(answer.statusCode).toBe(422);
    expect(answer.body).toContain('Nothing was saved');
    expect(answer.body).toContain('name="topic"');
    expect(await stateOf(id)).toEqual(before);
  });

  it('says that none of the topics comes where none is chosen, in place of that mail comes', async () => {
    const { token } = await reader();
    expect((await ask(token)).body).toContain('You get emails from');
    const { body } = await ask(token, 'POST', form({ action: 'save' }));
    expect(body).toContain('You have chosen none of the topics');
    expect(body).not.toContain('You get emails from');
  });

  it('refuses a body that it cannot read', async () => {
    const { token } = await reader();
    const answer = await ask(token, 'POST', { headers: { 'content-type': 'text/plain' }, body: 'action=stop' });
    expect(answer.statusCode).toBe(415);
  });
});

describe('no more mail', () => {
  it('ends marketing mail in every enrolment at once', async () => {
    const { id, token } = await reader();
    await happens(id, 'enrolment.called', { actor: 'clock', data: { workflow: 'quarterly-digest' } });
    expect((await enrolmentsOf(id)).map(({ status }) => status)).toEqual(['active', 'active']);
    await ask(token, 'POST', form({ action: 'stop' }));
    expect(await leadOf(id)).toMatchObject({
      stopped: { reason: 'unsubscribed' },
      consents: { marketing: { state: 'withdrawn' } },
    });
    const enrolments = await enrolmentsOf(id);
    expect(enrolments.every(({ status, reason }) => status === 'ended' && reason === 'unsubscribed')).toBe(true);
    const acts = (await readLog(id)).flatMap(({ consent = [] }) => consent);
    expect(acts.at(-1)).toMatchObject({ action: 'withdrawn', method: 'preferences' });
  });

  it('is undone only by a new confirmation, asked for by one mail an hour', async () => {
    const { id, token } = await reader();
    await ask(token, 'POST', form({ action: 'stop' }));
    setNow(later(NOW, 60_000));
    for (let pressed = 0; pressed < 3; pressed++) await ask(token, 'POST', form({ action: 'again' }));
    expect(await leadOf(id)).toMatchObject({
      stopped: { reason: 'unsubscribed' },
      consents: { marketing: { state: 'pending' } },
    });
    expect(messages('consent.asked')).toHaveLength(1);
    const act = (await readLog(id)).flatMap(({ consent = [] }) => consent).at(-1);
    expect(act).toMatchObject({
      method: 'preferences',
      language: 'en',
      textHash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  it('is not undone for who gets mail, nor where mail does not arrive', async () => {
    const granted = await reader();
    await ask(granted.token, 'POST', form({ action: 'again' }));
    const bounced = await reader();
    await happens(bounced.id, 'email.bounced', { actor: 'machine', data: { bounce: 'hard', email: 'three-leaks' } });
    expect((await ask(bounced.token)).body).not.toContain('value="again"');
    await ask(bounced.token, 'POST', form({ action: 'again' }));
    expect(messages('consent.asked')).toEqual([]);
  });
});

describe('forget me', () => {
  it('asks once more before it does it', async () => {
    const { id, token } = await reader();
    const before = await stateOf(id);
    const answer = await ask(token, 'POST', form({ action: 'forget' }));
    expect(answer.body).toContain('value="sure"');
    expect(await stateOf(id)).toEqual(before);
  });

  it('erases, and the page tells no more than for a link that never was one', async () => {
    const { id, token } = await reader();
    expect((await ask(token, 'POST', form({ action: 'sure' }))).statusCode).toBe(200);
    await expect(leadOf(id)).rejects.toThrow();
    expect(messages('lead.erase')).toMatchObject([{ leadId: id }]);
    const forged = await ask(`${token.slice(0, -5)}AAAAA`);
    for (const method of ['GET', 'POST']) expect(await ask(token, method)).toEqual(forged);
  });
});

describe('a link', () => {
  it.each(SPOILT)('that is %s gets a plain page and changes nothing', async (_, spoil) => {
    const { id, token } = await reader();
    const before = await stateOf(id);
    const spoilt = await spoil(token, id, 'preferences');
    for (const asking of [undefined, form({ action: 'stop' }), form({ action: 'sure' })]) {
      const answer = await ask(spoilt, asking ? 'POST' : 'GET', asking);
      expect(answer.statusCode).toBe(400);
      expect(answer.body).not.toContain('<form');
    }
    expect(await stateOf(id)).toEqual(before);
  });

  it('works for years', async () => {
    const { token } = await reader();
    setNow('2035-03-01T00:00:00.000Z');
    expect((await ask(token)).statusCode).toBe(200);
  });
});
