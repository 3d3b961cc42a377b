/** An alert that SES or the CRM does not take: tried again, said loudly after some minutes, and never mailed twice. */
import { BadRequestException, SendEmailCommand, TooManyRequestsException } from '@aws-sdk/client-sesv2';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { handoffsOf } from '../../functions/adapters/leads.ts';
import { later } from '../../functions/adapters/table.ts';
import { handler } from '../../functions/handoff.ts';
import { enrolledLead, happens, MONDAY, mails, ses, setNow, thrown, useWorld } from './nurture-world.ts';

const MINUTE = 60_000;
const fetched = vi.fn<typeof fetch>();
useWorld();
beforeEach(() => {
  fetched.mockReset().mockImplementation(async () => new Response('{}'));
  vi.stubGlobal('fetch', fetched);
});
afterEach(() => void vi.unstubAllGlobals());

type Open = { leadId: string; handoffId: string };
/** A lead that asks for a demo, and is given to somebody. */
async function open(): Promise<Open> {
  const { leadId } = await enrolledLead();
  await happens(leadId, 'demo.requested');
  const [handoff] = await handoffsOf(leadId);
  const one = { leadId, handoffId: handoff?.id ?? '' };
  await run('assign', one);
  return one;
}
const run = (task: string, one: Open, more: object = {}) => handler({ task, ...one, ...more });
const handoffOf = async ({ leadId }: Open) => (await handoffsOf(leadId))[0];
const answered = ({ leadId, handoffId }: Open) =>
  happens(leadId, 'handoff.accepted', {
    actor: 'sales',
    data: { handoff: handoffId, answer: 'accepted' },
    answered: { by: 'an@example.com' },
  });
const subjects = () => mails().map((mail) => mail.Content?.Simple?.Subject?.Data);
const errors = (): Record<string, unknown>[] =>
  vi.mocked(console.error).mock.calls.map(([line]) => JSON.parse(String(line)));

const down = () =>
  ses
    .on(SendEmailCommand)
    .rejects(new TooManyRequestsException({ $metadata: {}, message: 'Maximum sending rate exceeded.' }));
const up = () => ses.on(SendEmailCommand).resolves({ MessageId: 'm' });
const refuses = () =>
  ses.on(SendEmailCommand).rejects(new BadRequestException({ $metadata: {}, message: 'Not an address.' }));

const OCCASIONS = [
  ['the first alert', 'notify', { channel: 0 }, 0],
  ['a reminder', 'remind', {}, 7.5],
  ['an escalation', 'escalate', {}, 15],
] as const;

describe.each(OCCASIONS)('%s', (_, task, more, minutes) => {
  it('that SES does not take is tried again: silently at first, then with an error that names the handoff', async () => {
    const one = await open();
    setNow(later(MONDAY, minutes * MINUTE));
    down();
    expect(await thrown(run(task, one, { ...more, attempt: 7, tries: 600 }))).toMatchObject({ name: 'Retry' });
    expect(errors()).toEqual([]);
    expect(await thrown(run(task, one, { ...more, attempt: 8, tries: 600 }))).toMatchObject({ name: 'Retry' });
    expect(errors()).toEqual([
      expect.objectContaining({ level: 'ERROR', message: 'sales is not told yet', why: 'throttled', ...one }),
    ]);
  });

  it('is given up at the last try with an error, and the handoff goes on', async () => {
    const one = await open();
    setNow(later(MONDAY, minutes * MINUTE));
    down();
    expect(await run(task, one, { ...more, attempt: 599, tries: 600 })).toEqual({});
    expect(errors()).toEqual([
      expect.objectContaining({ level: 'ERROR', message: 'sales was not told', outcome: 'throttled', ...one }),
    ]);
    expect(await run('look', one)).toMatchObject({ outcome: 'await' });
  });

  it('that SES refuses is an error of its own', async () => {
    const one = await open();
    setNow(later(MONDAY, minutes * MINUTE));
    refuses();
    expect(await run(task, one, { ...more, attempt: 0, tries: 600 })).toEqual({});
    expect(errors()).toEqual([
      expect.objectContaining({ level: 'ERROR', message: 'sales was not told', outcome: 'refused', ...one }),
    ]);
  });

  it('goes out once when the outage is over, however often it is tried then', async () => {
    const one = await open();
    setNow(later(MONDAY, minutes * MINUTE));
    down();
    await thrown(run(task, one, { ...more, attempt: 0, tries: 600 }));
    const tried = mails().length;
    up();
    await run(task, one, { ...more, attempt: 1, tries: 600 });
    await run(task, one, { ...more, attempt: 2, tries: 600 });
    expect(mails()).toHaveLength(tried + 1);
  });

  it('is not mailed once the handoff was answered during the outage', async () => {
    const one = await open();
    setNow(later(MONDAY, minutes * MINUTE));
    down();
    await thrown(run(task, one, { ...more, attempt: 0, tries: 600 }));
    const tried = mails().length;
    await answered(one);
    up();
    expect(await run(task, one, { ...more, attempt: 1, tries: 600 })).toEqual({});
    expect(mails()).toHaveLength(tried);
    expect(errors()).toEqual([]);
  });
});

it('the first alert is not sent after the reminder that got through before it', async () => {
  const one = await open();
  down();
  await thrown(run('notify', one, { channel: 0, attempt: 0, tries: 600 }));
  setNow(later(MONDAY, 8 * MINUTE));
  up();
  await run('remind', one, { attempt: 0, tries: 600 });
  expect(await run('notify', one, { channel: 0, attempt: 9, tries: 600 })).toEqual({});
  expect(subjects().slice(1)).toEqual([expect.stringMatching(/^Reminder: /)]);
});

it('the first alert is sent after a reminder that did not get through', async () => {
  const one = await open();
  setNow(later(MONDAY, 8 * MINUTE));
  down();
  await run('remind', one, { attempt: 599, tries: 600 });
  expect(await handoffOf(one)).toMatchObject({ reminded: true });
  up();
  await run('notify', one, { channel: 0, attempt: 9, tries: 600 });
  expect(subjects().at(-1)).not.toMatch(/^Reminder: /);
});

it('a reminder whose deadline has come meanwhile is not tried any more', async () => {
  const one = await open();
  setNow(later(MONDAY, 8 * MINUTE));
  down();
  await thrown(run('remind', one, { attempt: 0, tries: 600 }));
  setNow(later(MONDAY, 15 * MINUTE));
  expect(await run('remind', one, { attempt: 1, tries: 600 })).toEqual({});
  expect(mails()).toHaveLength(1);
  expect(await run('look', one)).toMatchObject({ outcome: 'escalate' });
});

it('a CRM that is down for minutes is an error, and one that is back gets the lead once', async () => {
  const one = await open();
  fetched.mockImplementation(async () => new Response('', { status: 503 }));
  expect(await thrown(run('notify', one, { channel: 1, attempt: 8, tries: 600 }))).toMatchObject({ name: 'Retry' });
  expect(errors()).toEqual([
    expect.objectContaining({ message: 'sales is not told yet', why: 'the webhook did not take it', ...one }),
  ]);
  fetched.mockReset().mockImplementation(async () => new Response('{}'));
  await run('notify', one, { channel: 1, attempt: 9, tries: 600 });
  await run('notify', one, { channel: 1, attempt: 10, tries: 600 });
  expect(fetched).toHaveBeenCalledTimes(1);
});

it('a channel that the machine gave up is an error, unless the handoff was answered', async () => {
  const one = await open();
  expect(await run('untold', one, { error: 'Sandbox.Timedout' })).toEqual({});
  expect(errors()).toEqual([
    expect.objectContaining({ message: 'sales was not told', outcome: 'Sandbox.Timedout', ...one }),
  ]);
  await answered(one);
  await run('untold', one, { error: 'Sandbox.Timedout' });
  expect(errors()).toHaveLength(1);
});

it('a machine of before, which tells no attempt, is served', async () => {
  const one = await open();
  expect(await run('notify', one, { channel: 0 })).toEqual({});
  expect(mails()).toHaveLength(1);
});
