import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { act } from '../../functions/adapters/act.ts';
import { foldPending } from '../../functions/adapters/fold-pending.ts';
import { enrolmentsOf, handoffsOf, leadIdOf, loadLead, pendingActs, readLog } from '../../functions/adapters/leads.ts';
import { later } from '../../functions/adapters/table.ts';
import { foldAll } from '../../functions/lead/fold.ts';
import { exampleScoring } from '../lead/example-scoring.ts';
import { everyItem, type LocalDynamo, startLocalDynamo } from '../local-dynamo.ts';
import { isDecision, refuse } from './contention.ts';
import { AT, publishExample } from './example-definition.ts';
import { address, guidePost, happening } from './happenings.ts';

let local: LocalDynamo;
const bus = mockClient(EventBridgeClient);

beforeAll(async () => {
  local = await startLocalDynamo();
  await publishExample();
});
afterAll(() => local.stop());
beforeEach(() => {
  bus.reset();
  bus.on(PutEventsCommand).callsFake(({ Entries }) => ({
    FailedEntryCount: 0,
    Entries: Entries.map(() => ({ EventId: 'e' })),
  }));
});
afterEach(() => {
  vi.restoreAllMocks();
  fault.message = '';
});

/** Deciding fails with this while it is set. */
const fault = vi.hoisted(() => ({ message: '' }));
vi.mock('../../functions/lead/decide.ts', async (original) => {
  const real = await original<typeof import('../../functions/lead/decide.ts')>();
  const faulty: typeof real.decide = (...args) => {
    if (fault.message) throw new TypeError(fault.message);
    return real.decide(...args);
  };
  return { ...real, decide: faulty };
});

const published = (): string[] =>
  bus
    .commandCalls(PutEventsCommand)
    .flatMap(({ args }) => args[0].input.Entries ?? [])
    .map(({ DetailType }) => DetailType ?? '');

const leadOf = async (key: string) => {
  const id = await leadIdOf(address(key));
  const lead = id === undefined ? undefined : await loadLead(id);
  if (!lead) throw new Error(`There is no lead of ${key}.`);
  return lead;
};

describe('a new lead', () => {
  it('is stored with its event, enrolment, handoff and messages in one transaction', async () => {
    const send = vi.spyOn(DynamoDBClient.prototype, 'send');
    const outcome = await act({ email: address('ada@one.example') }, guidePost('form:1'), { at: AT });
    expect(outcome.kind).toBe('applied');
    const calls = send.mock.calls.map(([command]) => command.constructor.name).toSorted();
    const isRead = (name: string) => name === 'GetItemCommand' || name === 'BatchGetItemCommand';
    expect(calls.filter(isRead).length).toBeLessThanOrEqual(3);
    expect(calls.filter((name) => !isRead(name))).toEqual(['DeleteItemCommand', 'TransactWriteItemsCommand']);
    expect(bus.commandCalls(PutEventsCommand)).toHaveLength(1);
    const lead = await leadOf('ada@one.example');
    expect(lead).toMatchObject({ version: 1, stage: 'iql', conversions: 1 });
    expect(await readLog(lead.id)).toHaveLength(1);
    expect(await enrolmentsOf(lead.id)).toMatchObject([
      { workflow: 'guide-to-demo', status: 'active', step: 'three-leaks' },
    ]);
  });

  it('takes one read beside the definition, which warm functions know', async () => {
    await act({ email: address('warm@one.example') }, [happening('w:0')], { at: AT });
    const send = vi.spyOn(DynamoDBClient.prototype, 'send');
    await act({ email: address('warm2@one.example') }, guidePost('form:1'), { at: AT });
    const reads = send.mock.calls.filter(([command]) => command instanceof GetItemCommand);
    expect(reads).toHaveLength(1);
  });

  it('exists once, however many posts of the same address come at once', async () => {
    const posts = Array.from({ length: 8 }, (_, i) =>
      act({ email: address('many@one.example') }, guidePost(`form:${i}`), { at: AT }),
    );
    const outcomes = await Promise.all(posts);
    const lead = await leadOf('many@one.example');
    for (const outcome of outcomes) expect(outcome).toMatchObject({ kind: expect.stringMatching(/applied|pending/) });
    await foldPending(lead.id, () => AT);
    expect((await leadOf('many@one.example')).conversions).toBe(8);
    expect(await readLog(lead.id)).toHaveLength(8);
    expect(await enrolmentsOf(lead.id)).toHaveLength(1);
  });
});

describe('an act that comes again', () => {
  it('is a duplicate and changes nothing', async () => {
    const who = { email: address('again@one.example') };
    await act(who, guidePost('form:1'), { at: AT });
    const before = await leadOf('again@one.example');
    expect(await act(who, guidePost('form:1'), { at: AT })).toMatchObject({ kind: 'duplicate', leadId: before.id });
    expect(await leadOf('again@one.example')).toEqual(before);
  });

  it('is one submission within its time, with the id of the first, and another one later', async () => {
    const who = { email: address('submit@one.example') };
    const post = (key: string, again: string, at: string) =>
      act(who, guidePost(key), { at, submission: { id: `sub_${key}`, same: [{ hash: 'h', again }] } });
    await post('1', '2027-03-01T01:55:00.000Z', AT);
    expect(await post('2', '2027-03-01T01:59:00.000Z', '2027-03-01T02:04:00.000Z')).toMatchObject({
      kind: 'duplicate',
      submissionId: 'sub_1',
    });
    expect(await post('3', '2027-03-01T02:01:00.000Z', '2027-03-01T02:06:00.000Z')).toMatchObject({ kind: 'applied' });
    expect((await leadOf('submit@one.example')).conversions).toBe(2);
  });

  it('gains once for one mail, although both clicks decided before either was stored', async () => {
    const who = { email: address('clicks@one.example') };
    await act(who, guidePost('form:1'), { at: AT });
    const lead = await leadOf('clicks@one.example');
    const click = (key: string) =>
      act({ leadId: lead.id }, [happening(key, { type: 'email.clicked', data: { email: 'three-leaks' } })], { at: AT });
    await Promise.all([click('ses:1'), click('ses:2')]);
    await click('ses:3');
    await foldPending(lead.id, () => AT);
    const after = await leadOf('clicks@one.example');
    expect(after.values['email-click']?.value).toBe(6);
    expect((await readLog(lead.id)).filter(({ type }) => type === 'email.clicked')).toHaveLength(3);
  });
});

describe('a commit whose answer was lost', () => {
  it('is found to be done by the retry of the SDK: one lead, one event, the same submission', async () => {
    const { dynamo } = await import('../../functions/adapters/dynamo.ts');
    let lost = 0;
    // Or the stack that was put together for earlier calls would be taken.
    dynamo.config.cacheMiddleware = false;
    dynamo.middlewareStack.add(
      (next, { commandName }) =>
        async (args) => {
          const answer = await next(args);
          if (commandName !== 'TransactWriteItemsCommand' || lost++ > 0) return answer;
          throw Object.assign(new Error('socket hang up'), { name: 'TimeoutError' });
        },
      { step: 'deserialize', name: 'lost' },
    );
    const submission = { id: 'sub_own', same: [{ hash: 'h', again: AT }] };
    const who = { email: address('lost@one.example') };
    const outcome = await act(who, guidePost('form:1'), { at: AT, submission });
    dynamo.middlewareStack.remove('lost');
    expect(lost).toBeGreaterThan(1);
    expect(outcome).toMatchObject({ kind: 'duplicate', submissionId: 'sub_own' });
    const lead = await leadOf('lost@one.example');
    expect(lead).toMatchObject({ version: 1, conversions: 1 });
    expect(await readLog(lead.id)).toHaveLength(1);
    // Its messages were committed with it, and the sweeper publishes them.
    const left = (await everyItem()).filter(
      ({ pk, body }) => String(pk).startsWith('OUT#') && JSON.stringify(body).includes(lead.id),
    );
    expect(left).toHaveLength(1);
  });
});

describe('events on one lead', () => {
  it('end exact when 1,000 come at once: the score, one stage change, one handoff', { timeout: 120_000 }, async () => {
    const who = { email: address('storm@one.example') };
    await act(who, guidePost('form:0'), { at: AT });
    const { id } = await leadOf('storm@one.example');
    const processes = [await anotherProcess(), act];
    const storm = Array.from({ length: 1000 }, (_, i) =>
      (processes[i % 2] ?? act)(
        { leadId: id },
        [happening(`p:${i}`, { at: later(AT, i), data: { category: i % 2 ? 'pricing' : 'blog' } })],
        { at: later(AT, i) },
      ),
    );
    const outcomes = await Promise.all(storm);
    expect(new Set(outcomes.map(({ kind }) => kind)).size).toBeLessThanOrEqual(2);
    expect(outcomes.every(({ kind }) => kind === 'applied' || kind === 'pending')).toBe(true);
    await foldPending(id, () => later(AT, 1000));
    const lead = await leadOf('storm@one.example');
    const log = await readLog(id);
    expect(log).toHaveLength(1001);
    // guide 20, page views 10 at most, the pricing page 8 once a day: less what fades within the second.
    expect(Object.values(lead.values).reduce((sum, { value }) => sum + value, 0)).toBeCloseTo(38, 3);
    expect(lead.values).toEqual(foldAll(log, () => exampleScoring, 'Asia/Ho_Chi_Minh').folded.values);
    expect(
      log.flatMap(({ changes }) => changes).filter(({ what, to }) => what === 'stage' && to === 'mql'),
    ).toHaveLength(1);
    expect(await handoffsOf(id)).toHaveLength(1);
    expect(await pendingActs(id)).toHaveLength(0);
  });

  it('are put in order although the older one comes later', async () => {
    const who = { email: address('order@one.example') };
    await act(who, guidePost('form:1'), { at: AT });
    const { id } = await leadOf('order@one.example');
    const later = '2027-03-08T02:00:00.000Z';
    const between = '2027-03-04T02:00:00.000Z';
    await act({ leadId: id }, [happening('late', { at: later, data: { category: 'pricing' } })], { at: later });
    await act({ leadId: id }, [happening('old', { at: between, data: { category: 'pricing' } })], { at: later });
    const lead = await loadLead(id);
    expect(lead?.last?.at).toBe(later);
    // 8 on the 4th, halved over 7 days: 8 × 2^(−4/7) + 8 on the 8th.
    expect(lead?.values['pricing-page']?.value).toBeCloseTo(8 * 2 ** (-4 / 7) + 8, 6);
  });
});

describe('an act that cannot be judged', () => {
  it('is stored with a bare lead when deciding fails, and judged once that is mended', async () => {
    const who = { email: address('faulty@one.example') };
    fault.message = 'faulty';
    const outcome = await act(who, guidePost('bad'), { at: AT });
    expect(outcome.kind).toBe('pending');
    const lead = await leadOf('faulty@one.example');
    expect(lead).toMatchObject({ version: 1, stage: 'lead', conversions: 0 });
    const [pending] = await pendingActs(lead.id);
    expect(pending).toMatchObject({ tries: 0, why: 'TypeError: faulty' });
    expect(published()).toEqual([]);
    expect(await foldPending(lead.id, () => AT)).toBe(0);
    expect(await pendingActs(lead.id)).toMatchObject([{ tries: 1 }]);
    fault.message = '';
    await foldPending(lead.id, () => '2027-03-01T02:01:00.000Z');
    expect(await leadOf('faulty@one.example')).toMatchObject({ stage: 'iql', conversions: 1 });
    expect(await pendingActs(lead.id)).toEqual([]);
  });

  it('is pending with a fold to come when others are always quicker', async () => {
    const who = { email: address('contended@one.example') };
    await act(who, guidePost('form:1'), { at: AT });
    const { id } = await leadOf('contended@one.example');
    refuse(isDecision);
    bus.resetHistory();
    expect(await act({ leadId: id }, [happening('p')], { at: AT })).toMatchObject({ kind: 'pending' });
    vi.restoreAllMocks();
    expect(published()).toEqual(['lead.fold']);
    expect(await act({ leadId: id }, [happening('p')], { at: AT })).toMatchObject({ kind: 'applied' });
    await foldPending(id, () => AT);
    expect((await readLog(id)).filter(({ key }) => key === 'p')).toHaveLength(1);
  });

  it('answers that a lead is unknown, and stores nothing', async () => {
    const before = (await everyItem()).length;
    const leadId = `lead_${'0'.repeat(26)}`;
    expect(await act({ leadId }, [happening('x')], { at: AT })).toEqual({ kind: 'unknown' });
    expect(await everyItem()).toHaveLength(before);
  });
});

/** The same code with a memory of its own: it does not wait for the acts of others. */
async function anotherProcess(): Promise<typeof act> {
  vi.resetModules();
  return (await import('../../functions/adapters/act.ts')).act;
}
