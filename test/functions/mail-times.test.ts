/** The send task by the clock: windows, caps over all workflows, a pause, topics, sunset; on the real local table. */
import { SendEmailCommand, SendingPausedException } from '@aws-sdk/client-sesv2';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { getItem, putItem } from '../../functions/adapters/dynamo.ts';
import { goOver } from '../../functions/adapters/going-over.ts';
import { mailedOf } from '../../functions/adapters/item.ts';
import { enrolmentsOf, loadLead, sendsOf } from '../../functions/adapters/leads.ts';
import { judgeAnew } from '../../functions/adapters/next-run.ts';
import { enrolmentItem, later, mailedKey } from '../../functions/adapters/table.ts';
import type { Happening, Instant } from '../../functions/lead/event.ts';
import type { Enrolment, Lead } from '../../functions/lead/lead.ts';
import { handler } from '../../functions/send.ts';
import type { LocalDynamo } from '../local-dynamo.ts';
import { DAY, timedDefinition } from './mail-times-world.ts';
import {
  beforeCall,
  calm,
  disarm,
  enrolledLead,
  happens,
  leadOf,
  mails,
  messages,
  ses,
  setNow,
  startWorld,
  thrown,
} from './nurture-world.ts';

let local: LocalDynamo;
beforeAll(async () => {
  local = await startWorld(timedDefinition);
  for (const level of ['error', 'warn', 'info'] as const) vi.spyOn(console, level).mockImplementation(() => {});
});
afterAll(() => local.stop());
beforeEach(() => {
  disarm();
  calm();
});

/** In Vietnam. */
const WED_9 = '2027-03-03T02:00:00.000Z';
const SAT_9 = '2027-03-06T02:00:00.000Z';
const MON_8 = '2027-03-08T01:00:00.000Z';
const HOUR = 3_600_000;

const NEVER = '2099-01-01T00:00:00.000Z';

/** A lead in all three workflows, none of which has anything due. */
async function idleLead(over: Partial<Happening> = {}): Promise<string> {
  const { leadId } = await enrolledLead(over);
  for (const enrolment of await enrolmentsOf(leadId)) await putItem(enrolmentItem({ ...enrolment, dueAt: NEVER }));
  return leadId;
}

/** The lead's enrolment in a workflow, made to stand at a step. */
async function standing(leadId: string, workflow: string, over: Partial<Enrolment>): Promise<Enrolment> {
  const found = (await enrolmentsOf(leadId)).find((each) => each.workflow === workflow);
  if (!found) throw new Error(`No enrolment in ${workflow}.`);
  const enrolment = { ...found, ...over };
  await putItem(enrolmentItem(enrolment));
  return enrolment;
}
const read = async ({ leadId, id }: Enrolment): Promise<Enrolment> => {
  const found = (await enrolmentsOf(leadId)).find((each) => each.id === id);
  if (!found) throw new Error('It is gone.');
  return found;
};
/** What its machine does at an instant. */
async function tries(enrolment: Enrolment, now: Instant, over: object = {}) {
  setNow(now);
  const { id, leadId, definition, step, run } = await read(enrolment);
  return thrown(handler({ leadId, enrolmentId: id, definition, run, step, ...over }));
}
const sentMails = () => mails().map(({ EmailTags }) => EmailTags?.find(({ Name }) => Name === 'email')?.Value);
const SENT = { name: 'none' };

describe('a send window', () => {
  it('holds what is due outside it to the opening, tells why, and sends then', async () => {
    const leadId = await idleLead();
    const guide = await standing(leadId, 'guide', { step: 'three-leaks', dueAt: SAT_9 });
    expect(await tries(guide, SAT_9)).toEqual({ name: 'Hold', message: MON_8 });
    expect(await read(guide)).toMatchObject({
      dueAt: MON_8,
      putOff: { since: SAT_9, why: 'outside the send window' },
    });
    expect(await tries(guide, MON_8)).toMatchObject(SENT);
    expect(sentMails()).toEqual(['three-leaks']);
    expect(await read(guide)).not.toHaveProperty('putOff');
  });

  it('is known when the mail before goes out, so that the machine waits once', async () => {
    const leadId = await idleLead();
    const news = await standing(leadId, 'news', { step: 'payroll-story', dueAt: WED_9 });
    const { message } = await tries(news, WED_9);
    expect(JSON.parse(message)).toEqual({ outcome: 'next', due: MON_8 });
    expect(await read(news)).toMatchObject({ step: 'customer-story', dueAt: MON_8, putOff: { since: SAT_9 } });
    expect(await tries(news, MON_8)).toMatchObject(SENT);
    expect(sentMails()).toEqual(['payroll-story', 'customer-story']);
  });

  it('is that of the lead’s own zone', async () => {
    const leadId = await idleLead({ fields: { name: 'An', country: 'DE' } });
    const guide = await standing(leadId, 'guide', { step: 'three-leaks', dueAt: WED_9 });
    // 08:00 in Berlin, in winter.
    expect(await tries(guide, WED_9)).toEqual({ name: 'Hold', message: '2027-03-03T07:00:00.000Z' });
  });
});

describe('a cap', () => {
  it('counts the mails of all workflows, by the lead’s day and by 7 days', async () => {
    const leadId = await idleLead();
    const guide = await standing(leadId, 'guide', { step: 'three-leaks', dueAt: WED_9 });
    const news = await standing(leadId, 'news', { step: 'payroll-story', dueAt: later(WED_9, HOUR) });
    expect(await tries(guide, WED_9)).toMatchObject(SENT);
    expect(await tries(news, later(WED_9, HOUR))).toEqual({ name: 'Hold', message: '2027-03-04T01:00:00.000Z' });
    expect(await read(news)).toMatchObject({ putOff: { why: 'at most 1 a day and 2 in 7 days' } });
    expect(await tries(news, '2027-03-04T01:00:00.000Z')).toMatchObject(SENT);
    await standing(leadId, 'guide', { step: 'checklist', dueAt: '2027-03-05T02:00:00.000Z' });
    expect(await tries(guide, '2027-03-05T02:00:00.000Z')).toEqual({
      name: 'Hold',
      message: '2027-03-10T02:00:00.000Z',
    });
    expect(await tries(guide, '2027-03-10T02:00:00.000Z')).toMatchObject(SENT);
    expect(sentMails()).toEqual(['three-leaks', 'payroll-story', 'checklist']);
  });

  it('lets one of two go that come at the same moment', async () => {
    for (let round = 0; round < 8; round++) {
      calm();
      const leadId = await idleLead();
      const guide = await standing(leadId, 'guide', { step: 'three-leaks', dueAt: WED_9 });
      const news = await standing(leadId, 'news', { step: 'payroll-story', dueAt: WED_9 });
      const results = await Promise.all([tries(guide, WED_9), tries(news, WED_9)]);
      expect(results.map(({ name }) => name).sort()).toEqual(['Hold', 'none']);
      expect(mails()).toHaveLength(1);
    }
  });

  it('looks again when another mail is claimed between looking and claiming', async () => {
    const leadId = await idleLead();
    const news = await standing(leadId, 'news', { step: 'payroll-story', dueAt: WED_9 });
    beforeCall(
      'TransactWriteItems',
      () => putItem({ ...mailedKey(leadId), body: { version: 1, sent: { other: later(WED_9, -1) } } }),
      (body) => body.includes('SEND#'),
    );
    expect(await tries(news, WED_9)).toMatchObject({ name: 'Hold', message: '2027-03-04T01:00:00.000Z' });
    expect(mails()).toEqual([]);
  });

  it('lets the mail go first that was due first, whoever comes first', async () => {
    const leadId = await idleLead();
    // Both were put off to Monday's opening.
    const putOff = { why: 'outside the send window' };
    const guide = await standing(leadId, 'guide', {
      step: 'three-leaks',
      dueAt: MON_8,
      putOff: { ...putOff, since: SAT_9 },
    });
    const news = await standing(leadId, 'news', {
      step: 'payroll-story',
      dueAt: MON_8,
      putOff: { ...putOff, since: later(SAT_9, HOUR) },
    });
    const soon = later(MON_8, 60_000);
    expect(await tries(news, MON_8)).toEqual({ name: 'Hold', message: soon });
    expect(await tries(guide, MON_8)).toMatchObject(SENT);
    expect(await tries(news, soon)).toEqual({ name: 'Hold', message: later(MON_8, DAY) });
    expect(await tries(news, later(MON_8, DAY))).toMatchObject(SENT);
    expect(sentMails()).toEqual(['three-leaks', 'payroll-story']);
  });

  it('does not wait for a mail that may not go, nor for one whose machine is lost', async () => {
    const leadId = await idleLead();
    // A class that the stage may not get.
    await standing(leadId, 'guide', { step: 'pricing', dueAt: later(WED_9, -1000) });
    const news = await standing(leadId, 'news', { step: 'payroll-story', dueAt: WED_9 });
    expect(await tries(news, WED_9)).toMatchObject(SENT);
    const other = await idleLead();
    await standing(other, 'guide', { step: 'three-leaks', dueAt: later(WED_9, -HOUR) });
    const lost = await standing(other, 'news', { step: 'payroll-story', dueAt: WED_9 });
    expect(await tries(lost, WED_9)).toMatchObject(SENT);
  });

  it('keeps what a consent promised, in a workflow that sets none', async () => {
    const promise = { purpose: 'marketing', action: 'granted', method: 'box', frequency: { perWeek: 1 } } as const;
    const leadId = await idleLead({ consent: [promise] });
    const free = await standing(leadId, 'free', { step: 'payroll-story', dueAt: WED_9 });
    expect(await tries(free, WED_9)).toMatchObject(SENT);
    await standing(leadId, 'free', { step: 'customer-story', dueAt: SAT_9 });
    expect(await tries(free, SAT_9)).toEqual({ name: 'Hold', message: later(WED_9, 7 * DAY) });
  });

  it('does not count a mail that SES did not take', async () => {
    const leadId = await idleLead();
    const guide = await standing(leadId, 'guide', { step: 'three-leaks', dueAt: WED_9 });
    const news = await standing(leadId, 'news', { step: 'payroll-story', dueAt: later(WED_9, 1000) });
    const paused = new SendingPausedException({ $metadata: {}, message: 'paused' });
    ses.on(SendEmailCommand).rejectsOnce(paused).resolves({ MessageId: 'm' });
    expect(await tries(guide, WED_9)).toMatchObject({ name: 'Hold', message: later(WED_9, HOUR / 4) });
    expect(await tries(news, later(WED_9, 1000))).toMatchObject(SENT);
  });

  it('does not count a mail twice that is tried twice', async () => {
    const leadId = await idleLead();
    const guide = await standing(leadId, 'guide', { step: 'three-leaks', dueAt: WED_9 });
    const slow = Object.assign(new Error('slow'), {
      name: 'TooManyRequestsException',
      $metadata: { httpStatusCode: 429 },
    });
    ses.on(SendEmailCommand).rejectsOnce(slow).resolves({ MessageId: 'm' });
    const { name, message } = await tries(guide, WED_9);
    expect(name).toBe('Hold');
    expect(await tries(guide, message)).toMatchObject(SENT);
    expect(Object.values(mailedOf((await getItem(mailedKey(leadId))) ?? {}).sent)).toEqual([message]);
  });

  it('counts what was mailed before there was a ledger', async () => {
    const leadId = await idleLead();
    const guide = await standing(leadId, 'guide', { step: 'three-leaks', dueAt: WED_9 });
    await tries(guide, WED_9);
    const { deleteItem } = await import('../../functions/adapters/dynamo.ts');
    await deleteItem(mailedKey(leadId));
    const news = await standing(leadId, 'news', { step: 'payroll-story', dueAt: later(WED_9, HOUR) });
    expect(await tries(news, later(WED_9, HOUR))).toMatchObject({ name: 'Hold' });
  });
});

describe('two leads that become one', () => {
  it('count together what either was mailed', async () => {
    const [one, two] = [await idleLead(), await idleLead()];
    for (const [leadId, at] of [
      [one, WED_9],
      [two, later(WED_9, DAY)],
    ] as const) {
      const guide = await standing(leadId, 'guide', { step: 'three-leaks', dueAt: at });
      expect(await tries(guide, at)).toMatchObject(SENT);
    }
    await goOver((await loadLead(two)) as Lead, one);
    const ledger = mailedOf((await getItem(mailedKey(one))) ?? {});
    expect(Object.values(ledger.sent).sort()).toEqual([WED_9, later(WED_9, DAY)]);
    expect(await getItem(mailedKey(two))).toBeUndefined();
    const friday = later(WED_9, 2 * DAY);
    const news = await standing(one, 'news', { step: 'payroll-story', dueAt: friday });
    expect(await tries(news, friday)).toEqual({ name: 'Hold', message: later(WED_9, 7 * DAY) });
  });
});

describe('a mail held after a wait in vain', () => {
  const held = { moved: { step: 'clicked', outcome: 'otherwise' }, dueAt: MON_8 };
  const putOff = { since: SAT_9, why: 'outside the send window' };
  const clicks = async (leadId: string) => {
    setNow('2027-03-07T05:00:00.000Z');
    await happens(leadId, 'email.clicked', { data: { email: 'three-leaks', link: 'https://www.example.com/check' } });
  };

  it('looks again: what has happened meanwhile leads through `then`, as the next run', async () => {
    const leadId = await idleLead();
    const guide = await standing(leadId, 'guide', { ...held, step: 'three-leaks-short', putOff });
    await clicks(leadId);
    expect(await tries(guide, MON_8)).toMatchObject({ name: 'Ended' });
    expect(mails()).toHaveLength(0);
    expect(messages('enrolment.started').at(-1)).toMatchObject({ enrolmentId: guide.id, run: 2 });
    expect(await read(guide)).toMatchObject({ run: 2, step: 'webinar-invitation', dueAt: MON_8, status: 'active' });
    // The machine of the first run is told that it is over, however often it asks.
    expect(await tries(guide, MON_8, { run: 1, step: 'three-leaks-short' })).toMatchObject({ name: 'Ended' });
    expect(await tries(guide, MON_8)).toMatchObject(SENT);
    expect(sentMails()).toEqual(['webinar-invitation']);
  });

  it('goes out where nothing has happened', async () => {
    const leadId = await idleLead();
    const guide = await standing(leadId, 'guide', { ...held, step: 'three-leaks-short', putOff });
    expect(await tries(guide, MON_8)).toMatchObject(SENT);
    expect(sentMails()).toEqual(['three-leaks-short']);
  });

  it('does not look where it was not held: the deadline has looked', async () => {
    const leadId = await idleLead();
    const guide = await standing(leadId, 'guide', { ...held, step: 'three-leaks-short' });
    await clicks(leadId);
    expect(await tries(guide, MON_8)).toMatchObject(SENT);
    expect(sentMails()).toEqual(['three-leaks-short']);
  });

  it('moves once when two attempts look at the same moment', async () => {
    const leadId = await idleLead();
    const guide = await standing(leadId, 'guide', { ...held, step: 'three-leaks-short', putOff });
    await clicks(leadId);
    const results = await Promise.all([tries(guide, MON_8), tries(guide, MON_8)]);
    expect(results.map(({ name }) => name)).toEqual(['Ended', 'Ended']);
    expect(await read(guide)).toMatchObject({ run: 2, step: 'webinar-invitation' });
    expect(messages('enrolment.started').filter(({ run }) => run === 2)).toHaveLength(1);
  });
});

describe('what a person chose', () => {
  const chooses = async (leadId: string, preferences: object) => {
    setNow(later(WED_9, -HOUR));
    await happens(leadId, 'preferences.changed', { preferences });
  };

  it('skips a topic, and tells why', async () => {
    const leadId = await idleLead();
    await chooses(leadId, { topicsOff: ['events'] });
    const guide = await standing(leadId, 'guide', { step: 'webinar-invitation', dueAt: WED_9 });
    expect(await tries(guide, WED_9)).toMatchObject(SENT);
    expect(mails()).toHaveLength(0);
    expect(await sendsOf(leadId)).toMatchObject([{ status: 'skipped', why: 'the person wants no mail on events' }]);
  });

  it('holds all until the pause is over, and the lead goes on then', async () => {
    const leadId = await idleLead();
    const over = '2027-04-02T12:00:00.000Z';
    await chooses(leadId, { pausedUntil: over });
    const guide = await standing(leadId, 'guide', { step: 'three-leaks', dueAt: WED_9 });
    // Friday evening: Monday morning.
    expect(await tries(guide, WED_9)).toEqual({ name: 'Hold', message: '2027-04-05T01:00:00.000Z' });
    expect(await tries(guide, '2027-04-05T01:00:00.000Z')).toMatchObject(SENT);
  });

  it('that takes a pause back lets the mail go at once, and the machine that waited is over', async () => {
    const leadId = await idleLead();
    await chooses(leadId, { pausedUntil: '2027-04-02T12:00:00.000Z' });
    const guide = await standing(leadId, 'guide', { step: 'three-leaks', dueAt: WED_9 });
    await tries(guide, WED_9);
    setNow(later(WED_9, HOUR));
    await happens(leadId, 'preferences.changed', { preferences: { pausedUntil: null } });
    await judgeAnew(leadId, later(WED_9, HOUR));
    expect(messages('enrolment.started').at(-1)).toMatchObject({ enrolmentId: guide.id, run: 2 });
    expect(await tries(guide, later(WED_9, HOUR), { run: 1 })).toMatchObject({ name: 'Ended' });
    expect(await tries(guide, later(WED_9, HOUR))).toMatchObject(SENT);
    expect(sentMails()).toEqual(['three-leaks']);
  });

  it('is a cap', async () => {
    const leadId = await idleLead();
    await chooses(leadId, { frequency: { perWeek: 1 } });
    const free = await standing(leadId, 'free', { step: 'payroll-story', dueAt: WED_9 });
    expect(await tries(free, WED_9)).toMatchObject(SENT);
    await standing(leadId, 'free', { step: 'customer-story', dueAt: SAT_9 });
    expect(await tries(free, SAT_9)).toEqual({ name: 'Hold', message: later(WED_9, 7 * DAY) });
  });
});

describe('sunset', () => {
  it('slows down after mails in silence, and an act begins anew', async () => {
    const leadId = await idleLead();
    const free = await standing(leadId, 'free', { step: 'payroll-story', dueAt: WED_9 });
    for (const day of [0, 1, 2]) expect(await tries(free, later(WED_9, day * DAY))).toMatchObject(SENT);
    const slowly = later(WED_9, 16 * DAY);
    expect(await tries(free, later(WED_9, 3 * DAY))).toEqual({ name: 'Hold', message: slowly });
    setNow(later(WED_9, 15 * DAY));
    await happens(leadId, 'page.viewed', { data: { page: '/pricing', category: 'pricing' } });
    expect(await tries(free, slowly)).toMatchObject(SENT);
    expect(sentMails()).toEqual(['payroll-story', 'customer-story', 'checklist', 'three-leaks']);
  });

  it('ends the enrolment with its reason after more of them', async () => {
    const other = await idleLead();
    const free = await standing(other, 'free', { step: 'three-leaks', dueAt: WED_9 });
    const at = (day: number) => later(WED_9, -day * DAY);
    const sent = { a: at(80), b: at(60), c: at(45), d: at(30) };
    await putItem({ ...mailedKey(other), body: { version: 4, sent } });
    const lead = await leadOf(other);
    const { profileItem } = await import('../../functions/adapters/table.ts');
    await putItem(profileItem({ ...lead, actedAt: at(90) }));
    expect(await tries(free, WED_9)).toMatchObject({ name: 'Ended', message: 'no sign of life in 4 mails' });
    expect(await read(free)).toMatchObject({ status: 'ended', reason: 'no sign of life in 4 mails' });
  });
});
