import { describe, expect, it } from 'vitest';
import { enrolmentsOf, readLog } from '../../functions/adapters/leads.ts';
import { later } from '../../functions/adapters/table.ts';
import { sign, verify } from '../../functions/adapters/tokens.ts';
import { handler } from '../../functions/confirm.ts';
import { confirmSubject } from '../../functions/lead/confirm-link.ts';
import { askedOf } from '../../functions/lead/consent.ts';
import type { Lead } from '../../functions/lead/lead.ts';
import { calm, leadOf, MONDAY, messages, setNow, unsubscribes, useWorld } from './nurture-world.ts';
import { asks, newAddress, postGuide, SPOILT, stateOf, tick } from './recipients-world.ts';

const DAY = 86_400_000;
useWorld();

const ask = asks(handler, 'confirm');
const tokenOf = (lead: Lead, at = MONDAY) =>
  sign(
    { purpose: 'confirm', subject: confirmSubject(lead.id, askedOf(lead.consents)), expires: later(at, 7 * DAY) },
    at,
  );
const consentOf = async (id: string) => (await leadOf(id)).consents.marketing;

describe('looking at the page', () => {
  it.each(['GET', 'HEAD'])('by %s changes nothing', async (method) => {
    const lead = await postGuide(newAddress());
    const before = await stateOf(lead.id);
    const answer = await ask(await tokenOf(lead), method);
    expect(answer.statusCode).toBe(200);
    if (method === 'HEAD') expect(answer.body).toBe('');
    else {
      expect(answer.body.match(/<button/g)).toHaveLength(1);
      expect(answer.body).toContain('I agree to receive advice.');
      expect(answer.body).not.toContain('<script');
      expect(answer.body).not.toContain(lead.id);
    }
    expect(await stateOf(lead.id)).toEqual(before);
  });
});

describe('pressing the button', () => {
  it('grants the consent, with what was agreed to, and lets the held enrolment go on', async () => {
    const lead = await postGuide(newAddress());
    const token = await tokenOf(lead);
    setNow(later(MONDAY, DAY));
    expect((await ask(token, 'POST')).statusCode).toBe(200);
    expect(await leadOf(lead.id)).toMatchObject({
      emailStatus: 'verified',
      consents: { marketing: { state: 'granted' } },
    });
    const confirmed = (await readLog(lead.id)).find(({ type }) => type === 'consent.confirmed');
    expect(confirmed?.consent).toMatchObject([
      { action: 'confirmed', method: 'confirm-link', text: 'I agree to receive advice.', form: 'cash-flow-guide' },
    ]);
    expect(JSON.stringify(confirmed)).not.toContain('203.0.113');
    expect((await enrolmentsOf(lead.id)).every(({ status }) => status === 'active')).toBe(true);
  });

  it('twice, or with a link of another mail about the same tick, is answered well and recorded once', async () => {
    const email = newAddress();
    const token = await tokenOf(await postGuide(email));
    const lead = await postGuide(email, {}, later(MONDAY, DAY));
    setNow(later(MONDAY, DAY));
    for (const each of [token, await tokenOf(lead), token]) expect((await ask(each, 'POST')).statusCode).toBe(200);
    expect((await readLog(lead.id)).filter(({ type }) => type === 'consent.confirmed')).toHaveLength(1);
    expect((await ask(token)).body).not.toContain('<button');
  });

  it('with a link that is too old says so in the language of the person, or what stands', async () => {
    const [email, other] = [newAddress(), newAddress()];
    const lead = await postGuide(email, { language: 'th' });
    const done = await postGuide(other, { language: 'vi' });
    const [token, used] = [await tokenOf(lead), await tokenOf(done)];
    await ask(used, 'POST');
    setNow(later(MONDAY, 8 * DAY));
    const old = await ask(token, 'POST');
    expect(old.statusCode).toBe(400);
    expect(old.body).toContain('ลิงก์เก่าเกินไป');
    expect(await consentOf(lead.id)).toMatchObject({ state: 'pending' });
    expect((await ask(used)).body).toContain('đã xác nhận');
  });

  it('lifts an unsubscribe that the tick came after', async () => {
    const email = newAddress();
    const { id } = await postGuide(email, { consent: [tick({ doubleOptIn: undefined } as object)] });
    setNow(later(MONDAY, DAY));
    await unsubscribes(id);
    const lead = await postGuide(email, { consent: [tick()] }, later(MONDAY, 2 * DAY));
    expect(lead).toMatchObject({ stopped: { reason: 'unsubscribed' }, consents: { marketing: { state: 'pending' } } });
    setNow(later(MONDAY, 2 * DAY));
    await ask(await tokenOf(lead, later(MONDAY, 2 * DAY)), 'POST');
    expect(await leadOf(id)).toMatchObject({ consents: { marketing: { state: 'granted' } } });
    expect((await leadOf(id)).stopped).toBeUndefined();
  });
});

describe('a link', () => {
  it.each(SPOILT)('that is %s gets a plain page and changes nothing', async (_, spoil) => {
    const lead = await postGuide(newAddress());
    const token = await tokenOf(lead);
    const subject = confirmSubject(lead.id, askedOf(lead.consents));
    const before = await stateOf(lead.id);
    const spoilt = await spoil(token, subject, 'confirm');
    for (const method of ['GET', 'POST']) {
      const answer = await ask(spoilt, method);
      expect(answer.statusCode).toBe(400);
      expect(answer.body).not.toContain('<form');
    }
    expect(await stateOf(lead.id)).toEqual(before);
  });

  it('works for seven days', async () => {
    const lead = await postGuide(newAddress());
    const token = await tokenOf(lead);
    expect(await verify(token, 'confirm', later(MONDAY, 7 * DAY))).toMatchObject({ ok: true });
    setNow(later(MONDAY, 7 * DAY + 1000));
    expect((await ask(token, 'POST')).statusCode).toBe(400);
    expect((await consentOf(lead.id))?.state).toBe('pending');
  });

  it.each([
    ['after the withdrawal of what it confirmed', false],
    ['after the withdrawal, and another tick that nobody confirmed', true],
  ])('that is replayed %s changes nothing', async (_, again) => {
    const email = newAddress();
    const lead = await postGuide(email);
    const token = await tokenOf(lead);
    await ask(token, 'POST');
    setNow(later(MONDAY, DAY));
    await unsubscribes(lead.id);
    if (again) await postGuide(email, {}, later(MONDAY, 2 * DAY));
    setNow(later(MONDAY, 2 * DAY));
    const before = await stateOf(lead.id);
    expect((await ask(token, 'POST')).statusCode).toBe(400);
    expect(await stateOf(lead.id)).toEqual(before);
  });
});

describe('the mails that ask', () => {
  it.each<[string, Parameters<typeof postGuide>[1], string[]]>([
    ['a form that delivers carries the button in that mail', {}, ['deliver.requested']],
    ['a form that delivers nothing asks by itself', { data: { form: 'newsletter' } }, ['consent.asked']],
    [
      'a tick that needs no confirmation asks nothing',
      { consent: [tick({ doubleOptIn: undefined } as object)] },
      ['deliver.requested'],
    ],
    ['an import asks nothing', { data: {}, consent: [tick({ method: 'import' })] }, []],
  ])('%s', async (_, over, types) => {
    const { id } = await postGuide(newAddress(), over);
    const sent = ['deliver.requested', 'consent.asked'].filter((type) =>
      messages(type).some(({ leadId }) => leadId === id),
    );
    expect(sent).toEqual(types);
  });

  it('do not ask again for what was confirmed', async () => {
    const email = newAddress();
    const lead = await postGuide(email, { data: { form: 'newsletter' } });
    await ask(await tokenOf(lead), 'POST');
    calm();
    await postGuide(email, { data: { form: 'newsletter' } }, later(MONDAY, DAY));
    expect(messages('consent.asked')).toEqual([]);
  });
});
