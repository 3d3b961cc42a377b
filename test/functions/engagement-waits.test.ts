/** A step that waits for a click: woken by a person's, once it is judged, and by nobody else's. */
import { describe, expect, it } from 'vitest';
import { putItem } from '../../functions/adapters/dynamo.ts';
import { pendingActs } from '../../functions/adapters/leads.ts';
import { enrolmentItem, later } from '../../functions/adapters/table.ts';
import { handler as fold } from '../../functions/fold.ts';
import { handler as park } from '../../functions/park.ts';
import { handler as record } from '../../functions/record.ts';
import { handler as decideStep } from '../../functions/step.ts';
import { DAY } from '../lead/example-scoring.ts';
import { CHROME } from '../lead/traffic/trace.ts';
import { enrolledLead, enrolmentOf, happens, MONDAY, messages, setNow, taskOf, useWorld } from './nurture-world.ts';

useWorld();

const WEDNESDAY = later(MONDAY, 2 * DAY);
const DEADLINE = later(WEDNESDAY, 3 * DAY);
const at = (seconds: number): string => later(WEDNESDAY, seconds * 1000);

/** A lead whose enrolment waits for a click in the mail that was delivered on Wednesday. */
async function waiting() {
  const enrolled = await enrolledLead();
  const { leadId } = enrolled;
  await putItem(enrolmentItem({ ...(await enrolmentOf(enrolled)), step: 'clicked', dueAt: WEDNESDAY }));
  setNow(WEDNESDAY);
  await park({ ...(await taskOf(enrolled, 'clicked')), token: 'token', attempt: 1 });
  const tags = { lead_id: [leadId], send_id: ['snd_1'], email: ['three-leaks'], links: ['3'] };
  const mail = { timestamp: WEDNESDAY, messageId: `m-${leadId}`, tags };
  const event = (eventType: string, content: object) =>
    record({ time: WEDNESDAY, detail: { eventType, mail, [eventType.toLowerCase()]: content } });
  await event('Delivery', { timestamp: at(1) });
  return {
    enrolled,
    leadId,
    clicks: (when: string, link = 'guide', userAgent = CHROME) => {
      setNow(when);
      return event('Click', {
        timestamp: when,
        link: `https://www.example.com/${link}`,
        userAgent,
        ipAddress: '192.0.2.1',
      });
    },
    judged: (when: string) => {
      setNow(when);
      return fold({ 'detail-type': 'lead.fold', detail: { leadId } });
    },
    woken: () => messages('wait.met').filter((message) => message.leadId === leadId).length,
  };
}

describe('a step that waits for a click', () => {
  it('is woken when the click has been judged to be a person’s, and not before', async () => {
    const one = await waiting();
    await one.clicks(at(3600));
    expect(one.woken()).toBe(0);
    await one.judged(at(3690));
    expect(one.woken()).toBe(1);
  });

  it('is not woken by machines', async () => {
    const one = await waiting();
    await one.clicks(at(60));
    await one.clicks(at(60.3), 'story');
    await one.clicks(at(90), 'demo', 'curl/8.5.0');
    await one.judged(at(300));
    expect(one.woken()).toBe(0);
  });

  it('is woken when a doubtful click turns out to be a person’s', async () => {
    const one = await waiting();
    await one.clicks(at(10));
    await one.judged(at(100));
    expect(one.woken()).toBe(0);
    setNow(at(200));
    await happens(one.leadId, 'form.submitted', { data: { form: 'another' } });
    expect(one.woken()).toBe(1);
  });

  it('judges at its deadline what is held, and goes through then', async () => {
    const one = await waiting();
    await one.clicks(later(DEADLINE, -20_000));
    setNow(DEADLINE);
    const answer = await decideStep({ ...(await taskOf(one.enrolled, 'clicked')), kind: 'look' });
    expect(answer).toMatchObject({ outcome: 'then' });
    expect(await pendingActs(one.leadId)).toEqual([]);
  });

  it('that has gone on stays gone on when the click turns out to be a machine’s', async () => {
    const one = await waiting();
    await one.clicks(at(100));
    await one.judged(at(200));
    expect(one.woken()).toBe(1);
    await one.clicks(at(100.2), 'story');
    await one.judged(at(400));
    expect(one.woken()).toBe(1);
    expect(await enrolmentOf(one.enrolled)).toMatchObject({ status: 'active' });
  });
});
