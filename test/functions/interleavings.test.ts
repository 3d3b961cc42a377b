/** Random stories of one mail: attempts, crashes, lost answers, moods of SES, unsubscribes and bounces in any order. */
import { SendEmailCommand } from '@aws-sdk/client-sesv2';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { putItem } from '../../functions/adapters/dynamo.ts';
import { sendsOf } from '../../functions/adapters/leads.ts';
import { markSent } from '../../functions/adapters/proven-send.ts';
import { enrolmentItem, later } from '../../functions/adapters/table.ts';
import { handler } from '../../functions/send.ts';
import type { LocalDynamo } from '../local-dynamo.ts';
import {
  afterCall,
  beforeCall,
  calm,
  crash,
  disarm,
  enrolledLead,
  enrolmentOf,
  happens,
  loseAnswer,
  MONDAY,
  ses,
  setNow,
  startWorld,
  taskOf,
  thrown,
  unsubscribes,
} from './nurture-world.ts';

let local: LocalDynamo;
beforeAll(async () => {
  local = await startWorld();
  for (const level of ['error', 'warn', 'info'] as const) vi.spyOn(console, level).mockImplementation(() => {});
});
afterAll(() => local.stop());

const MOODS = {
  takes: undefined,
  // Taken or not, nobody knows.
  hangs: { name: 'TimeoutError' },
  throttles: { name: 'TooManyRequestsException', $metadata: { httpStatusCode: 429 } },
  refuses: { name: 'MessageRejected', $metadata: { httpStatusCode: 400 } },
  parks: { name: 'SendingPausedException', $metadata: { httpStatusCode: 400 } },
} as const;
type Mood = keyof typeof MOODS;

const STEPS = [
  'attempt',
  'two attempts at once',
  'half a minute passes',
  'a lease runs out',
  'the event of SES comes',
  'the answer to the next claim is lost',
  'the process dies before the next claim',
  'the process dies after the next claim',
  'the process dies before it settles',
  'the answer to settling is lost',
  'unsubscribes',
  'bounces',
] as const;
type Step = (typeof STEPS)[number];

const isClaim = (body: string) => body.includes('leaseUntil') && body.includes('"claimed"');
const isSettling = (body: string) => body.includes('messageId');

describe('a mail of a step', () => {
  it('is handed over at most once where it may have been taken, and never after a stop', async () => {
    const story = fc.array(fc.constantFrom<Step>(...STEPS), { minLength: 3, maxLength: 10 });
    const moods = fc.array(fc.constantFrom<Mood>(...(Object.keys(MOODS) as Mood[])), { minLength: 10, maxLength: 10 });
    await fc.assert(
      fc.asyncProperty(story, moods, async (steps, sesMoods) => {
        const { maybeTaken, afterStop, status } = await tell(steps, sesMoods);
        expect(maybeTaken).toBeLessThanOrEqual(1);
        expect(afterStop).toBe(0);
        // What may have been taken is never shown as if it had not been.
        if (maybeTaken === 1) expect(['sent', 'claimed', 'unknown']).toContain(status);
      }),
      { numRuns: 60, interruptAfterTimeLimit: 25_000 },
    );
  }, 60_000);
});

async function tell(steps: readonly Step[], moods: readonly Mood[]) {
  disarm();
  calm();
  const enrolled = await enrolledLead();
  await putItem(enrolmentItem({ ...(await enrolmentOf(enrolled)), step: 'three-leaks', dueAt: MONDAY }));
  const task = await taskOf(enrolled, 'three-leaks');
  let [calls, maybeTaken, afterStop] = [0, 0, 0];
  let stopped = false;
  let now = MONDAY;
  ses.on(SendEmailCommand).callsFake(() => {
    const mood = moods[calls++ % moods.length] ?? 'takes';
    if (mood === 'takes' || mood === 'hangs') maybeTaken++;
    if (stopped) afterStop++;
    const error = MOODS[mood];
    if (error) throw Object.assign(new Error(mood), error);
    return { MessageId: 'm' };
  });
  const attempt = () => thrown(handler(task));
  const passes = (ms: number) => {
    now = later(now, ms);
    setNow(now);
  };
  const acts: Record<Step, () => unknown> = {
    attempt,
    'two attempts at once': () => Promise.all([attempt(), attempt()]),
    'half a minute passes': () => passes(30_000),
    'a lease runs out': () => passes(61_000),
    'the event of SES comes': async () => {
      for (const { id } of maybeTaken ? await sendsOf(enrolled.leadId) : []) {
        await markSent({ leadId: enrolled.leadId, sendId: id, messageId: 'm' });
      }
    },
    'the answer to the next claim is lost': () => afterCall('TransactWriteItems', loseAnswer, isClaim),
    'the process dies before the next claim': () => beforeCall('TransactWriteItems', crash, isClaim),
    'the process dies after the next claim': () => afterCall('TransactWriteItems', crash, isClaim),
    'the process dies before it settles': () => beforeCall('TransactWriteItems', crash, isSettling),
    'the answer to settling is lost': () => afterCall('TransactWriteItems', loseAnswer, isSettling),
    unsubscribes: () => unsubscribes(enrolled.leadId).then(() => (stopped = true)),
    bounces: () =>
      happens(enrolled.leadId, 'email.bounced', { data: { bounce: 'hard' }, actor: 'machine' }).then(
        () => (stopped = true),
      ),
  };
  for (const step of steps) {
    if (step === 'unsubscribes' || step === 'bounces') disarm();
    await acts[step]();
  }
  disarm();
  const [send] = await sendsOf(enrolled.leadId);
  return { maybeTaken, afterStop, status: send?.status };
}
