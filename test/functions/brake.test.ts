/** The brake on the real table: counters, who pulls it, what it holds, and what its release forgets. */
import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { GetAccountCommand } from '@aws-sdk/client-sesv2';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { countAgainst, dayUntil, forgetSent } from '../../functions/adapters/brake.ts';
import { pointerKey, workflowNamesKey } from '../../functions/adapters/definition-items.ts';
import { currentPointer, forgetDefinitions } from '../../functions/adapters/definitions.ts';
import { dynamo, toItem } from '../../functions/adapters/dynamo.ts';
import { enrolmentsOf, pendingActs } from '../../functions/adapters/leads.ts';
import { profileKey } from '../../functions/adapters/table.ts';
import { handler as fold } from '../../functions/fold.ts';
import { ALARMING } from '../../functions/http/log-lines.ts';
import { app as leads } from '../../functions/leads.ts';
import { handler as publish } from '../../functions/publish.ts';
import { handler as record } from '../../functions/record.ts';
import { handler as send } from '../../functions/send.ts';
import type { LocalDynamo } from '../local-dynamo.ts';
import {
  beforeCall,
  calm,
  disarm,
  enrolledLead,
  enrolmentOf,
  leadOf,
  mails,
  ses,
  setNow,
  startWorld,
  taskOf,
  thrown,
} from './nurture-world.ts';

let local: LocalDynamo;
let lines: Record<string, unknown>[] = [];
const hourOf = (n: number): string => new Date(Date.parse('2027-03-10T00:00:00.000Z') + n * 3_600_000).toISOString();
let hour = 0;

beforeAll(async () => {
  local = await startWorld();
  const keep = (line: string) => void lines.push(JSON.parse(line));
  vi.stubGlobal('console', { ...console, info: keep, warn: keep, error: keep });
});
afterAll(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
  return local.stop();
});
beforeEach(async () => {
  calm();
  forgetSent();
  lines = [];
  // Each story stands in days of its own, on a brake that was never pulled.
  hour += 24 * 10;
  setNow(hourOf(hour));
  await dynamo.send(
    new UpdateItemCommand({
      TableName: local.table,
      Key: toItem(pointerKey),
      UpdateExpression: 'SET body.paused = :none, body.publication = body.publication + :one',
      ExpressionAttributeValues: toItem({ ':none': { workflows: [] }, ':one': 1 }),
    }),
  );
  forgetDefinitions();
});

const sent = (count: number) => {
  forgetSent();
  ses.on(GetAccountCommand).resolves({ SendQuota: { MaxSendRate: 1000, SentLast24Hours: count } });
};
const now = () => new Date().toISOString();
const bounce = (at = now(), mailedAt = at) => countAgainst('bounces', mailedAt, at);
const times = async <T>(n: number, one: () => Promise<T>): Promise<T[]> => {
  const results: T[] = [];
  for (let i = 0; i < n; i++) results.push(await one());
  return results;
};
const paused = async () => {
  forgetDefinitions();
  return (await currentPointer())?.paused;
};

describe('the brake', () => {
  it('is pulled by the bounce that makes too many, with the reason, once', async () => {
    sent(200);
    const answers = await times(12, () => bounce());
    expect(answers.map((reason) => reason !== undefined)).toEqual([...Array(9).fill(false), true, false, false]);
    expect(await paused()).toEqual({
      all: true,
      at: now(),
      reason: '10 bounces of 200 mails in 24 hours (5.0 %; SES reviews at 5 %)',
      workflows: [],
    });
  });

  it('is pulled by one of many that find it due at once', async () => {
    sent(200);
    const answers = await Promise.all(Array.from({ length: 40 }, () => bounce()));
    expect(answers.filter((reason) => reason !== undefined)).toHaveLength(1);
    expect(await dayUntil(now(), '')).toMatchObject({ bounces: 40 });
  });

  it('counts the last 24 hours alone', async () => {
    sent(200);
    await times(9, () => bounce());
    setNow(hourOf(hour + 26));
    expect(await times(9, () => bounce())).toEqual(Array(9).fill(undefined));
    expect(await dayUntil(now(), '')).toEqual({ sends: 200, bounces: 9, complaints: 0 });
  });

  it('asks SES again before it is pulled: a figure of a minute ago may be from before a campaign', async () => {
    sent(5);
    await bounce();
    ses.on(GetAccountCommand).resolves({ SendQuota: { SentLast24Hours: 1000 } });
    setNow(new Date(Date.parse(now()) + 30_000).toISOString());
    expect(await times(12, () => bounce())).toEqual(Array(12).fill(undefined));
    expect(await paused()).toMatchObject({ workflows: [] });
  });

  it('is pulled by what SES said last, where it says nothing now', async () => {
    sent(20);
    await bounce();
    ses.on(GetAccountCommand).rejects(new Error('down'));
    setNow(new Date(Date.parse(now()) + 30_000).toISOString());
    const answers = await times(9, () => bounce());
    expect(answers.at(-1)).toMatch(/^10 bounces of 20 mails/);
  });

  it('is not pulled while SES does not say how many mails there were', async () => {
    ses.on(GetAccountCommand).rejects(new Error('down'));
    expect(await times(12, () => bounce())).toEqual(Array(12).fill(undefined));
    sent(200);
    expect(await bounce()).toMatch(/^13 bounces/);
  });

  it('leaves alone what a person has paused', async () => {
    await publish({ kind: 'pause', all: true });
    forgetDefinitions();
    sent(20);
    expect(await times(12, () => bounce())).toEqual(Array(12).fill(undefined));
    expect(await paused()).toEqual({ all: true, workflows: [] });
  });

  it('once released, is not pulled again by what was counted before, nor by mails from before', async () => {
    sent(200);
    await times(10, () => bounce());
    const before = now();
    setNow(hourOf(hour + 1));
    await publish({ kind: 'resume', all: true });
    forgetDefinitions();
    expect(await paused()).toEqual({ workflows: [], since: now() });
    sent(200);
    expect(await times(20, () => bounce(now(), before))).toEqual(Array(20).fill(undefined));
    expect(await times(9, () => bounce())).toEqual(Array(9).fill(undefined));
    expect(await bounce()).toMatch(/^10 bounces in 24 hours/);
  });

  it('once released, measures by the mails sent since', async () => {
    sent(10_000);
    await publish({ kind: 'resume', all: true });
    forgetDefinitions();
    await bounce();
    sent(10_200);
    expect(await times(8, () => bounce())).toEqual(Array(8).fill(undefined));
    expect(await bounce()).toBe('10 bounces of 200 mails in 24 hours (5.0 %; SES reviews at 5 %)');
  });

  it('keeps what it counts from when one workflow alone is paused and resumed', async () => {
    await publish({ kind: 'resume', all: true });
    const since = now();
    await dynamo.send(
      new UpdateItemCommand({
        TableName: local.table,
        Key: toItem(workflowNamesKey),
        UpdateExpression: 'ADD #names :names',
        ExpressionAttributeNames: { '#names': 'names' },
        ExpressionAttributeValues: { ':names': { SS: ['guide-to-demo'] } },
      }),
    );
    await publish({ kind: 'pause', workflow: 'guide-to-demo' });
    expect(await paused()).toEqual({ workflows: ['guide-to-demo'], since });
    await publish({ kind: 'resume', workflow: 'guide-to-demo' });
    expect(await paused()).toEqual({ workflows: [], since });
  });
});

describe('what is paused', () => {
  const get = async (path: string) => (await leads.request(`http://localhost${path}`)).json();

  it('is told with its reason beside leads and workflows, and not where nothing is', async () => {
    expect(await get('/api/leads')).not.toHaveProperty('paused');
    sent(200);
    await times(10, () => bounce());
    const pausedNow = { all: true, at: now(), reason: expect.stringContaining('10 bounces'), workflows: [] };
    forgetDefinitions();
    expect(await get('/api/leads')).toMatchObject({ paused: pausedNow });
    expect(await get('/api/workflows')).toMatchObject({ paused: pausedNow });
    await publish({ kind: 'resume', all: true });
    forgetDefinitions();
    expect(await get('/api/workflows')).not.toHaveProperty('paused');
  });
});

const event = (
  eventType: 'Bounce' | 'Complaint',
  leadId: string,
  messageId: string,
  to = 'reader@company.example',
) => ({
  time: now(),
  detail: {
    eventType,
    mail: {
      timestamp: now(),
      messageId,
      destination: [to],
      tags: { lead_id: [leadId], email: ['three-leaks'] },
    },
    ...(eventType === 'Bounce'
      ? { bounce: { timestamp: now(), bounceType: 'Permanent', bounceSubType: 'General', bouncedRecipients: [] } }
      : { complaint: { timestamp: now(), complaintSubType: null, complaintFeedbackType: 'abuse' } }),
  },
});

describe('an event of SES', () => {
  it('pulls the brake with an error line that says why, and marketing mail is held', async () => {
    sent(1000);
    const leads = await times(3, () => enrolledLead());
    for (const [i, { leadId }] of leads.entries()) await record(event('Complaint', leadId, `complaint-${hour}-${i}`));
    expect(lines.filter(({ level }) => level === 'ERROR')).toMatchObject([
      { message: ALARMING.brakeIsOn, why: expect.stringMatching(/^3 complaints of 1000 mails/) },
    ]);
    forgetDefinitions();
    const reader = await enrolledLead();
    const step = (await enrolmentOf(reader)).step ?? '';
    setNow((await enrolmentOf(reader)).dueAt);
    expect(await thrown(send(await taskOf(reader, step)))).toMatchObject({ name: 'Paused' });
    expect(mails()).toEqual([]);
    expect((await enrolmentOf(reader)).status).toBe('paused');
  });

  it('that comes twice counts once', async () => {
    sent(1000);
    const { leadId } = await enrolledLead();
    const twice = event('Complaint', leadId, `twice-${hour}`);
    await record(twice);
    await record(twice);
    expect(await dayUntil(now(), '')).toMatchObject({ complaints: 1 });
  });

  it.each([
    ['Bounce', 'bounced'],
    ['Complaint', 'complained'],
  ] as const)('of a %s stops all mail at once, also where judging it has to wait', async (type, reason) => {
    sent(1000);
    const { leadId } = await enrolledLead();
    // Others change the lead between each reading and writing.
    const contend = async (left: number): Promise<void> => {
      await dynamo.send(
        new UpdateItemCommand({
          TableName: local.table,
          Key: toItem(profileKey(leadId)),
          UpdateExpression: 'SET body.#version = body.#version + :one',
          ExpressionAttributeNames: { '#version': 'version' },
          ExpressionAttributeValues: toItem({ ':one': 1 }),
        }),
      );
      if (left > 0) beforeCall('TransactWriteItems', () => contend(left - 1));
    };
    beforeCall('TransactWriteItems', () => contend(30));
    await record(event(type, leadId, `contended-${type}-${hour}`));
    disarm();
    expect(await pendingActs(leadId)).toHaveLength(1);
    expect(await leadOf(leadId)).toMatchObject({ suppressed: { reason }, stopped: { reason } });
    await fold({ 'detail-type': 'lead.fold', detail: { leadId } });
    expect(await pendingActs(leadId)).toEqual([]);
    expect(await enrolmentsOf(leadId)).toMatchObject([{ status: 'ended', reason }]);
  });

  it('about a mail to the mailbox simulator suppresses, and counts for nothing', async () => {
    sent(1000);
    const { leadId } = await enrolledLead();
    await record(event('Bounce', leadId, `simulated-${hour}`, 'bounce+one@simulator.amazonses.com'));
    expect(await leadOf(leadId)).toMatchObject({ suppressed: { reason: 'bounced' } });
    expect(await dayUntil(now(), '')).toMatchObject({ bounces: 0 });
  });
});
