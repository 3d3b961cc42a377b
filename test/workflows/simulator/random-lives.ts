/** Random workflows with steps of every kind, and random people. */
import type { Instant } from '../../../functions/lead/event.ts';
import { after, clickOn, confirms, eventOf, openOf, unsubscribes, viewOf } from '../../../workflows/simulator/deeds.ts';
import type { Arrived, Deed, Person } from '../../../workflows/simulator/live.ts';
import { postForm } from '../../../workflows/simulator/posting.ts';
import { type Chance, createChance } from '../../../workflows/simulator/random.ts';
import type { Simulated } from '../../../workflows/simulator/run.ts';

const DAY = 86_400_000;
const KINDS = [
  'wait',
  'wait',
  'send',
  'send',
  'send',
  'waitUntil',
  'waitFor',
  'waitForStage',
  'waitForAny',
  'choose',
  'split',
  'set',
  'tag',
  'enrol',
];
const MAILS = ['leaks', 'story', 'news'];

/** The definition file of the nth workflow: JSON is YAML. A lead enters it by the event `course.begun` of that number. */
export function randomWorkflow(nth: number, chance: Chance): string {
  let count = 0;
  const one = <T>(list: readonly T[]): T => list[Math.floor(chance.next() * list.length)] as T;
  const steps = (depth: number): object[] =>
    Array.from({ length: Math.floor(chance.next() * (depth > 0 ? 3 : 5)) }, () => step(depth));
  const step = (depth: number): object => {
    const id = `s${count++}`;
    const kind = depth > 2 ? one(['wait', 'send']) : one(KINDS);
    const days = 1 + Math.floor(chance.next() * 4);
    // biome-ignore-start lint/suspicious/noThenProperty: the definition language's own word; never awaited
    switch (kind) {
      case 'wait':
        return { id, wait: chance.happens(0.3) ? `${days * 7} hours` : `${days} days` };
      case 'waitUntil':
        return { id, wait: { until: { days: one(['mon-fri', 'sat', 'wed']), at: one(['09:00', '23:30']) } } };
      case 'waitFor':
        return {
          id,
          waitFor: { event: 'email.clicked', email: one(MAILS) },
          upTo: `${days} days`,
          then: steps(depth + 1),
          otherwise: steps(depth + 1),
        };
      case 'waitForStage':
        return { id, waitFor: { stage: 'mql' }, upTo: `${days} days`, otherwise: steps(depth + 1) };
      case 'waitForAny':
        return {
          id,
          waitFor: { any: [{ event: 'page.viewed' }, { stage: 'mql' }] },
          upTo: `${days} days`,
          then: steps(depth + 1),
        };
      case 'choose': {
        const when = {
          when: one([{ engagement: '>= 10' }, { stage: 'iql' }, { size: 'large' }, { tag: 'seen' }]),
          then: steps(depth + 1),
        };
        return { id, choose: chance.happens(0.5) ? [when] : [when, { otherwise: steps(depth + 1) }] };
      }
      case 'split': {
        const variant = (name: string) => ({ variant: name, share: 40, then: steps(depth + 1) });
        return { id, split: [variant('first'), variant('second'), { holdOut: 20 }] };
      }
      case 'set':
        return { id, set: { size: one(['large', 'small']) } };
      case 'tag':
        return { id, tag: 'seen' };
      case 'enrol':
        return { id, enrol: 'digest' };
      default:
        return { id, send: one(MAILS) };
    }
    // biome-ignore-end lint/suspicious/noThenProperty: as above
  };
  const window = { days: 'mon-fri', from: '08:00', to: '18:00' };
  const cap = { perDay: 1, perWeek: 2 };
  const send = one([undefined, { window }, { cap }, { window, zone: 'lead', cap }]);
  return JSON.stringify({
    workflow: `course-${nth}`,
    enrol: { on: 'course.begun', where: { course: nth } },
    ...(chance.happens(0.5) ? { goal: { stage: 'sql' } } : {}),
    ...(chance.happens(0.3) ? { exit: [{ on: 'course.cancelled', because: 'cancelled' }] } : {}),
    ...(send ? { send } : {}),
    steps: [...steps(0), { id: 'last', send: 'news' }],
  });
}

/** A person whose every reaction depends on the mail alone, however often and in whatever order it is asked. */
export function randomPerson(definition: Simulated, course: number, seed: string, start: Instant): Person {
  const chance = createChance(seed, course);
  const form = definition.rules.forms.guide;
  if (!form) throw new Error('There is no form.');
  const values = { email: `${seed}@random.example`, ...(chance.happens(0.5) ? { size: 'large' } : {}) };
  // Odd milliseconds: what a person does is never at the instant of what the clock does.
  const soon = (days: number): Instant => after(start, Math.floor(chance.next() * days * DAY) + 7);
  const { address, happenings } = postForm(definition.rules, form, values, { agrees: chance.happens(0.85), at: start });
  const deeds: Deed[] = [eventOf('course.begun', after(start, 61_003), { course })];
  if (chance.happens(0.6)) deeds.push(viewOf(chance.happens(0.5) ? 'pricing' : undefined, soon(15), 0));
  if (chance.happens(0.5)) deeds.push(viewOf('pricing', soon(15), 1));
  if (chance.happens(0.15)) deeds.push(eventOf('course.cancelled', soon(20)));
  if (chance.happens(0.15)) deeds.push(unsubscribes(soon(25)));
  if (chance.happens(0.15)) deeds.push(eventOf('demo.requested', soon(20)));
  return {
    address,
    first: { at: start, happenings },
    deeds,
    onMail: (mail) => reactionsOf(mail, createChance(`${seed} ${mail.id}`, 0)),
    onAsked: (purpose, asked, now) => [confirms(purpose, asked, after(now, 5 * 3_600_003))],
  };
}

function reactionsOf(mail: Arrived, chance: Chance): Deed[] {
  const read = after(mail.at, Math.floor(chance.next() * 2 * DAY) + 11);
  const opened = chance.happens(0.5) ? [openOf(mail, read)] : [];
  return chance.happens(0.5) ? [...opened, clickOn(mail, after(read, 5), 90_000)] : opened;
}
