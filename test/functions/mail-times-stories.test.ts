/**
 * Random stories of one lead in three workflows: machines that come early, late, twice or at once, crashes, lost answers,
 * an account that is paused, a lead that leaves. Whatever the order, caps and windows hold, no step is mailed twice, and
 * nobody is mailed after a stop.
 */
import { SendEmailCommand } from '@aws-sdk/client-sesv2';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { enrolmentsOf } from '../../functions/adapters/leads.ts';
import { later } from '../../functions/adapters/table.ts';
import { WEEK_MS } from '../../functions/lead/caps.ts';
import type { Instant } from '../../functions/lead/event.ts';
import { nextAllowed } from '../../functions/lead/window.ts';
import { localDay } from '../../functions/lead/zone.ts';
import { handler } from '../../functions/send.ts';
import type { LocalDynamo } from '../local-dynamo.ts';
import { DAY, office, timedDefinition } from './mail-times-world.ts';
import {
  afterCall,
  beforeCall,
  calm,
  crash,
  disarm,
  enrolledLead,
  happens,
  loseAnswer,
  MONDAY,
  ses,
  setNow,
  startWorld,
  thrown,
  unsubscribes,
} from './nurture-world.ts';

const VN = 'Asia/Ho_Chi_Minh';
const { sunset: _, ...settings } = timedDefinition.settings;
let local: LocalDynamo;
beforeAll(async () => {
  // The free workflow keeps the cap that the consent promised; sunset would make the stories short.
  local = await startWorld({ ...timedDefinition, settings });
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
  'all machines come',
  'all machines come',
  'one machine comes',
  'one machine comes twice',
  'a minute passes',
  'hours pass',
  'a day passes',
  'days pass',
  'the answer to the next claim is lost',
  'the process dies before the next claim',
  'the process dies after the next claim',
  'the process dies before it settles',
  'the person looks at a page',
  'unsubscribes',
] as const;
type Step = (typeof STEPS)[number];

interface Taken {
  at: Instant;
  workflow: string;
  step: string;
}

const isClaim = (body: string) => body.includes('leaseUntil') && body.includes('"claimed"');
const isSettling = (body: string) => body.includes('messageId');

describe('the mails of a lead', () => {
  it('keep to windows and caps, come once and stop, in whatever order things happen', async () => {
    const story = fc.array(fc.constantFrom<Step>(...STEPS), { minLength: 6, maxLength: 16 });
    const mood = fc.constantFrom<Mood>('takes', 'takes', 'takes', ...(Object.keys(MOODS) as Mood[]));
    let most = 0;
    await fc.assert(
      fc.asyncProperty(story, fc.array(mood, { minLength: 8, maxLength: 8 }), async (steps, moods) => {
        const { taken, afterStop } = await tell(steps, moods);
        most = Math.max(most, taken.length);
        expect(afterStop).toBe(0);
        expect(new Set(taken.map(({ workflow, step }) => `${workflow} ${step}`)).size).toBe(taken.length);
        for (const [index, { at, workflow }] of taken.entries()) {
          const before = taken.slice(0, index).map((each) => each.at);
          expect(before.filter((each) => Date.parse(each) > Date.parse(at) - WEEK_MS).length).toBeLessThan(2);
          if (workflow === 'free') continue;
          expect(before.filter((each) => localDay(each, VN) === localDay(at, VN))).toEqual([]);
          expect(nextAllowed(at, office.window, VN)).toBe(at);
        }
      }),
      { numRuns: 50, interruptAfterTimeLimit: 40_000 },
    );
    // The stories do mail.
    expect(most).toBeGreaterThan(1);
  }, 90_000);
});

async function tell(steps: readonly Step[], moods: readonly Mood[]) {
  disarm();
  calm();
  const promise = { purpose: 'marketing', action: 'granted', method: 'box', frequency: { perWeek: 2 } } as const;
  const { leadId } = await enrolledLead({ consent: [promise] });
  const taken: Taken[] = [];
  let [calls, afterStop] = [0, 0];
  let stopped = false;
  let now = MONDAY;
  ses.on(SendEmailCommand).callsFake(({ EmailTags }) => {
    const tag = (name: string): string => EmailTags.find(({ Name }: { Name: string }) => Name === name)?.Value;
    const name = moods[calls++ % moods.length] ?? 'takes';
    if (name === 'takes' || name === 'hangs') taken.push({ at: now, workflow: tag('workflow'), step: tag('step') });
    if (stopped) afterStop++;
    const error = MOODS[name];
    if (error) throw Object.assign(new Error(name), error);
    return { MessageId: `m${calls}` };
  });
  const passes = (ms: number) => {
    now = later(now, ms);
    setNow(now);
  };
  /** What each enrolment's machine would ask for now, were it there. */
  const tasks = async () => {
    const active = (await enrolmentsOf(leadId)).filter(({ status, step }) => status === 'active' && step !== null);
    const mailing = active.filter(
      (each) => timedDefinition.workflows[each.workflow]?.steps[each.step ?? '']?.kind === 'send',
    );
    return mailing.map(({ id, definition, run, step }) => ({ leadId, enrolmentId: id, definition, run, step }));
  };
  const comes = async (count: number, times = 1) => {
    const found = (await tasks()).slice(0, count);
    await Promise.all(
      Array.from({ length: times }, () => found)
        .flat()
        .map((task) => thrown(handler(task))),
    );
  };
  const acts: Record<Step, () => unknown> = {
    'all machines come': () => comes(3),
    'one machine comes': () => comes(1),
    'one machine comes twice': () => comes(1, 2),
    'a minute passes': () => passes(61_000),
    'hours pass': () => passes(5 * 3_600_000),
    'a day passes': () => passes(DAY),
    'days pass': () => passes(3 * DAY),
    'the answer to the next claim is lost': () => afterCall('TransactWriteItems', loseAnswer, isClaim),
    'the process dies before the next claim': () => beforeCall('TransactWriteItems', crash, isClaim),
    'the process dies after the next claim': () => afterCall('TransactWriteItems', crash, isClaim),
    'the process dies before it settles': () => beforeCall('TransactWriteItems', crash, isSettling),
    'the person looks at a page': () => happens(leadId, 'page.viewed', { data: { page: '/' } }),
    unsubscribes: () => unsubscribes(leadId).then(() => (stopped = true)),
  };
  for (const step of steps) {
    if (step === 'unsubscribes' || step === 'the person looks at a page') disarm();
    await acts[step]();
  }
  disarm();
  return { taken, afterStop };
}
