/** What is due for a handoff, and where an enrolment stands for a task. */
import { describe, expect, it } from 'vitest';
import { answerSubject, personKey, readAnswerSubject } from '../../functions/lead/answer-link.ts';
import { courseOf, secondsUntil } from '../../functions/lead/handoff-course.ts';
import { newId } from '../../functions/lead/id.ts';
import { instantIn } from '../../functions/lead/id-time.ts';
import type { Enrolment, Handoff } from '../../functions/lead/lead.ts';
import { standingOf } from '../../functions/lead/standing.ts';

const at = (minutes: number) => new Date(Date.UTC(2027, 2, 1, 2, minutes)).toISOString();
const handoff = (over: Partial<Handoff> = {}): Handoff => ({
  id: 'hnd_1',
  leadId: 'lead_1',
  status: 'pending',
  reason: 'demo requested',
  handRaise: true,
  definition: 'd',
  openedAt: at(0),
  remindAt: at(7),
  dueAt: at(15),
  told: 'hand-raise',
  version: 1,
  ...over,
});

/** As where the definition has no `remind`. */
const { remindAt: _, ...unreminded } = handoff();

describe('the course of a handoff', () => {
  it.each<[string, Partial<Handoff>, number, string, number]>([
    ['waits for the reminder', {}, 0, 'await', 7],
    ['reminds half-way', {}, 7, 'remind', 7],
    ['then waits for the deadline', { reminded: true }, 8, 'await', 15],
    ['escalates at the deadline', { reminded: true }, 15, 'escalate', 15],
    ['escalates without a late reminder', {}, 20, 'escalate', 20],
    ['waits for the deadline where that came before the reminder', { dueAt: at(5) }, 1, 'await', 5],
    ['tells the assignee of a hand-raise', { told: 'score' }, 1, 'remind', 1],
    ['is done when answered', { status: 'accepted' }, 1, 'done', 1],
    ['is given up after 300 days', { escalated: true }, 300 * 1440, 'done', 300 * 1440],
  ])('%s', (_, over, minute, outcome, moment) => {
    expect(courseOf(handoff(over), at(minute))).toEqual({ outcome, at: at(moment) });
  });

  it('waits for the deadline where nobody is reminded', () => {
    expect(courseOf(unreminded, at(1))).toEqual({ outcome: 'await', at: at(15) });
  });

  it('waits on after the escalation', () => {
    expect(courseOf(handoff({ escalated: true }), at(20))).toEqual({ outcome: 'await', at: at(300 * 1440) });
  });

  it('waits whole seconds, at least one', () => {
    expect(secondsUntil('2027-03-01T02:00:01.001Z', '2027-03-01T02:00:00.000Z')).toBe(2);
    expect(secondsUntil(at(0), at(1))).toBe(1);
  });
});

describe('where an enrolment stands', () => {
  const enrolment = (over: Partial<Enrolment> = {}): Enrolment => ({
    id: 'enr_1',
    leadId: 'lead_1',
    workflow: 'w',
    definition: 'd',
    run: 2,
    status: 'active',
    startedAt: at(0),
    step: 'b',
    dueAt: at(9),
    cause: 'evt_1',
    moved: { step: 'a', outcome: 'next' },
    ...over,
  });
  it.each<[string, Enrolment | undefined, { run: number; step: string }, object]>([
    ['at the step that is asked for', enrolment(), { run: 2, step: 'b' }, { at: 'here' }],
    [
      'past the step that it left last',
      enrolment(),
      { run: 2, step: 'a' },
      { at: 'past', outcome: 'next', due: at(9) },
    ],
    [
      'past its last step',
      enrolment({ status: 'ended', reason: 'finished', step: null }),
      { run: 2, step: 'a' },
      { at: 'past' },
    ],
    ['elsewhere in an older run', enrolment(), { run: 1, step: 'b' }, { at: 'elsewhere' }],
    ['elsewhere two steps back', enrolment(), { run: 2, step: 'z' }, { at: 'elsewhere' }],
    [
      'elsewhere when it ended',
      enrolment({ status: 'ended', reason: 'goal' }),
      { run: 2, step: 'a' },
      { at: 'elsewhere', why: 'goal' },
    ],
    [
      'elsewhere when it is paused',
      enrolment({ status: 'paused' }),
      { run: 2, step: 'b' },
      { at: 'elsewhere', why: 'paused' },
    ],
    ['elsewhere when there is none', undefined, { run: 2, step: 'b' }, { at: 'elsewhere' }],
  ])('%s', (_, one, task, standing) => {
    expect(standingOf(one, task)).toMatchObject(standing);
  });
});

describe('an answer link', () => {
  it('names lead, handoff and person, and no address', () => {
    const subject = { leadId: 'lead_1', handoffId: 'hnd_1', person: personKey('An@Example.com ') };
    expect(readAnswerSubject(answerSubject(subject))).toEqual(subject);
    expect(personKey('an@example.com')).toBe(subject.person);
    expect(answerSubject(subject)).not.toContain('@');
  });

  it.each(['', 'lead_1', 'lead_1:hnd_1', 'a:b:c:d', '::'])('is no other subject: “%s”', (subject) => {
    expect(readAnswerSubject(subject)).toBeUndefined();
  });
});

describe('the time in an id', () => {
  it('is when it was made', () => {
    const id = newId('hnd', Date.parse(at(3)), new Uint8Array(10).fill(255));
    expect(instantIn(id)).toBe(at(3));
  });

  it.each(['', 'hnd_', 'hnd_8zzzzzzzzz0000000000000000', 'hnd_0000000000000000000000000u', 'x'])(
    'is not in “%s”',
    (id) => {
      expect(instantIn(id)).toBeUndefined();
    },
  );
});
