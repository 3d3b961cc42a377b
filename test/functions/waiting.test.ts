/** A step that waits: parking, waking and looking, with each race of them forced. */
import { SendTaskSuccessCommand, TaskTimedOut } from '@aws-sdk/client-sfn';
import { describe, expect, it } from 'vitest';
import { putItem } from '../../functions/adapters/dynamo.ts';
import { enrolmentsOf } from '../../functions/adapters/leads.ts';
import { enrolmentItem, later } from '../../functions/adapters/table.ts';
import { handler as park } from '../../functions/park.ts';
import { handler as decideStep } from '../../functions/step.ts';
import { handler as wake } from '../../functions/wake.ts';
import { DAY } from '../lead/example-scoring.ts';
import {
  afterCall,
  beforeCall,
  enrolledLead,
  enrolmentOf,
  happens,
  leadOf,
  loseAnswer,
  MONDAY,
  messages,
  setNow,
  sfn,
  taskOf,
  thrown,
  unsubscribes,
  useWorld,
  wakes,
} from './nurture-world.ts';

useWorld();

type Enrolled = { leadId: string; enrolmentId: string };
const WEDNESDAY = later(MONDAY, 2 * DAY);
const DEADLINE = later(WEDNESDAY, 3 * DAY);

/** An enrolment that stands at a step, and the clock on Wednesday. */
async function standingAt(step: string): Promise<Enrolled> {
  const enrolled = await enrolledLead();
  await putItem(enrolmentItem({ ...(await enrolmentOf(enrolled)), step, dueAt: WEDNESDAY }));
  setNow(WEDNESDAY);
  return enrolled;
}
const parkToken = async (enrolled: Enrolled, token: string, attempt = 1) =>
  park({ ...(await taskOf(enrolled, 'clicked')), token, attempt });
const look = async (enrolled: Enrolled) => decideStep({ ...(await taskOf(enrolled, 'clicked')), kind: 'look' });
const clicks = (leadId: string) => happens(leadId, 'email.clicked', { data: { email: 'three-leaks' } });

/** The bus brings what was published to the function that wakes. */
async function deliver(type: 'wait.met' | 'enrolment.ended', enrolled: Enrolled): Promise<void> {
  for (const detail of messages(type).filter(({ enrolmentId }) => enrolmentId === enrolled.enrolmentId)) {
    await wake({ 'detail-type': type, detail });
  }
}

const THEN = { outcome: 'then', due: WEDNESDAY };

describe('a parked step', () => {
  it('waits for its event until its deadline, and its machine is not called lost before that', async () => {
    const enrolled = await standingAt('clicked');
    await parkToken(enrolled, 'token');
    expect(wakes()).toEqual([]);
    expect(await enrolmentOf(enrolled)).toMatchObject({ dueAt: DEADLINE, wait: { token: 'token', until: DEADLINE } });
    expect((await leadOf(enrolled.leadId)).waits).toMatchObject([{ step: 'clicked', workflow: 'guide-to-demo' }]);
  });

  it('is woken by its event, goes through then, and is woken once however often the message comes', async () => {
    const enrolled = await standingAt('clicked');
    await parkToken(enrolled, 'token');
    await clicks(enrolled.leadId);
    await deliver('wait.met', enrolled);
    expect(wakes()).toEqual([{ token: 'token', output: THEN }]);
    expect(await enrolmentOf(enrolled)).toMatchObject({ step: 'webinar-invitation' });
    sfn.on(SendTaskSuccessCommand).rejects(new TaskTimedOut({ $metadata: {}, message: 'closed' }));
    await deliver('wait.met', enrolled);
    expect(await enrolmentOf(enrolled)).toMatchObject({ step: 'webinar-invitation' });
  });

  it('is not woken by a click of a scanner, nor by one in another mail', async () => {
    const enrolled = await standingAt('clicked');
    await parkToken(enrolled, 'token');
    await happens(enrolled.leadId, 'email.clicked', { data: { email: 'three-leaks' }, actor: 'machine' });
    setNow(later(WEDNESDAY, 1));
    await happens(enrolled.leadId, 'email.clicked', { data: { email: 'another' } });
    expect(messages('wait.met').filter(({ leadId }) => leadId === enrolled.leadId)).toEqual([]);
  });

  it('goes on at once when it has happened since the enrolment began', async () => {
    const enrolled = await standingAt('clicked');
    await clicks(enrolled.leadId);
    await parkToken(enrolled, 'token');
    expect(wakes()).toEqual([{ token: 'token', output: THEN }]);
    expect((await leadOf(enrolled.leadId)).waits).toEqual([]);
  });

  it('does not park where the enrolment has ended', async () => {
    const enrolled = await standingAt('clicked');
    await unsubscribes(enrolled.leadId);
    await parkToken(enrolled, 'token');
    expect(wakes()).toEqual([{ token: 'token', output: { outcome: 'ended', due: WEDNESDAY } }]);
  });

  it('tells its machine when the enrolment ends while it waits', async () => {
    const enrolled = await standingAt('clicked');
    await parkToken(enrolled, 'token');
    await unsubscribes(enrolled.leadId);
    await deliver('enrolment.ended', enrolled);
    expect(wakes()).toEqual([{ token: 'token', output: { outcome: 'ended', due: WEDNESDAY } }]);
  });

  it('waits for a stage that is reached or passed', async () => {
    const enrolled = await standingAt('mql');
    await park({ ...(await taskOf(enrolled, 'mql')), token: 'token', attempt: 1 });
    expect(wakes()).toEqual([]);
    expect((await leadOf(enrolled.leadId)).waits).toMatchObject([{ step: 'mql' }]);
  });

  it('keeps its deadline over a restart, and looks at once when that has passed', async () => {
    const enrolled = await standingAt('clicked');
    await parkToken(enrolled, 'first');
    await putItem(enrolmentItem({ ...(await enrolmentOf(enrolled)), run: 2 }));
    setNow(later(DEADLINE, 1));
    await parkToken(enrolled, 'second', 2);
    expect(wakes()).toEqual([{ token: 'second', output: { outcome: 'otherwise', due: later(DEADLINE, 1) } }]);
    expect((await leadOf(enrolled.leadId)).waits).toEqual([]);
  });
});

describe('the click that commits between reading and parking', () => {
  it.each([
    ['before the log is read', 'Query'],
    ['after the log is read', 'TransactWriteItems'],
  ])('%s still wakes the machine', async (_, call) => {
    const enrolled = await standingAt('clicked');
    beforeCall(call, async () => void (await clicks(enrolled.leadId)));
    await parkToken(enrolled, 'token');
    await deliver('wait.met', enrolled);
    expect(wakes()).toEqual([{ token: 'token', output: THEN }]);
    expect(await enrolmentOf(enrolled)).toMatchObject({ step: 'webinar-invitation' });
    expect((await leadOf(enrolled.leadId)).waits).toEqual([]);
  });

  it('right after the token was parked wakes it through the message of its own transaction', async () => {
    const enrolled = await standingAt('clicked');
    afterCall('TransactWriteItems', async () => void (await clicks(enrolled.leadId)));
    await parkToken(enrolled, 'token');
    await deliver('wait.met', enrolled);
    expect(wakes()).toEqual([{ token: 'token', output: THEN }]);
  });

  it('and an end that commits there wakes it too', async () => {
    const enrolled = await standingAt('clicked');
    beforeCall('TransactWriteItems', async () => void (await unsubscribes(enrolled.leadId)));
    await parkToken(enrolled, 'token');
    expect(wakes()).toEqual([{ token: 'token', output: { outcome: 'ended', due: WEDNESDAY } }]);
  });
});

describe('two attempts at parking', () => {
  it('leave the token of the newer one, whichever comes first', async () => {
    const enrolled = await standingAt('clicked');
    await parkToken(enrolled, 'second', 2);
    await parkToken(enrolled, 'first', 1);
    expect((await enrolmentOf(enrolled)).wait).toMatchObject({ token: 'second', attempt: 2 });
    const other = await standingAt('clicked');
    await parkToken(other, 'first', 1);
    await parkToken(other, 'second', 2);
    expect((await enrolmentOf(other)).wait).toMatchObject({ token: 'second', attempt: 2 });
    expect((await leadOf(other.leadId)).waits).toHaveLength(1);
  });

  it('leave the newer token also when the slow first one is about to write', async () => {
    const enrolled = await standingAt('clicked');
    beforeCall('TransactWriteItems', async () => void (await parkToken(enrolled, 'second', 2)));
    await parkToken(enrolled, 'first', 1);
    expect((await enrolmentOf(enrolled)).wait).toMatchObject({ token: 'second', attempt: 2 });
  });

  it('leave the newer token also when the lead lists the wait already', async () => {
    const enrolled = await standingAt('clicked');
    await parkToken(enrolled, 'first', 1);
    beforeCall('TransactWriteItems', async () => void (await parkToken(enrolled, 'third', 3)));
    await parkToken(enrolled, 'second', 2);
    expect((await enrolmentOf(enrolled)).wait).toMatchObject({ token: 'third', attempt: 3 });
  });

  it('park once when the answer to the first write was lost', async () => {
    const enrolled = await standingAt('clicked');
    afterCall('TransactWriteItems', loseAnswer);
    await parkToken(enrolled, 'token');
    expect((await enrolmentOf(enrolled)).wait).toMatchObject({ token: 'token' });
    expect((await leadOf(enrolled.leadId)).waits).toHaveLength(1);
    expect(wakes()).toEqual([]);
  });

  it('wake the second one at once when the wake reached only the first', async () => {
    const enrolled = await standingAt('clicked');
    await parkToken(enrolled, 'first', 1);
    await clicks(enrolled.leadId);
    sfn
      .on(SendTaskSuccessCommand)
      .rejectsOnce(new TaskTimedOut({ $metadata: {}, message: 'gone' }))
      .resolves({});
    await deliver('wait.met', enrolled);
    await parkToken(enrolled, 'second', 2);
    expect(wakes().at(-1)).toEqual({ token: 'second', output: THEN });
  });

  it('wake the newer token when it came while the wake was under way', async () => {
    const enrolled = await standingAt('clicked');
    await parkToken(enrolled, 'first', 1);
    await clicks(enrolled.leadId);
    beforeCall('TransactWriteItems', async () => void (await parkToken(enrolled, 'second', 2)));
    await deliver('wait.met', enrolled);
    expect(wakes()).toContainEqual({ token: 'second', output: THEN });
    expect(await enrolmentOf(enrolled)).toMatchObject({ step: 'webinar-invitation' });
  });
});

describe('a wake', () => {
  it('whose process died after moving the enrolment wakes the machine when the message comes again', async () => {
    const enrolled = await standingAt('clicked');
    await parkToken(enrolled, 'token');
    await clicks(enrolled.leadId);
    sfn.on(SendTaskSuccessCommand).rejectsOnce(new Error('killed')).resolves({});
    await expect(deliver('wait.met', enrolled)).rejects.toThrow('killed');
    await deliver('wait.met', enrolled);
    expect(wakes()).toHaveLength(2);
    expect(await enrolmentOf(enrolled)).toMatchObject({ step: 'webinar-invitation' });
  });

  it('that was lost is made good by the look at the deadline', async () => {
    const enrolled = await standingAt('clicked');
    await parkToken(enrolled, 'token');
    await clicks(enrolled.leadId);
    setNow(DEADLINE);
    expect(await look(enrolled)).toEqual({ outcome: 'then', due: DEADLINE });
    expect(await look(enrolled)).toEqual({ outcome: 'then', due: DEADLINE });
  });

  it('that moved the enrolment just before the deadline decides what the look answers', async () => {
    const enrolled = await standingAt('clicked');
    await parkToken(enrolled, 'token');
    await clicks(enrolled.leadId);
    await deliver('wait.met', enrolled);
    setNow(DEADLINE);
    expect(await look(enrolled)).toEqual(THEN);
  });

  it('of a workflow that ends with it ends the enrolment', async () => {
    const enrolled = await standingAt('mql');
    await park({ ...(await taskOf(enrolled, 'mql')), token: 'token', attempt: 1 });
    await wake({ 'detail-type': 'wait.met', detail: { ...enrolled, step: 'mql' } });
    expect(wakes()).toEqual([{ token: 'token', output: THEN }]);
    expect(await enrolmentOf(enrolled)).toMatchObject({ status: 'ended', reason: 'finished' });
    expect((await leadOf(enrolled.leadId)).enrolments['guide-to-demo']).toMatchObject({ endedAt: WEDNESDAY });
  });

  it('for something that nobody waits for does nothing', async () => {
    const enrolled = await standingAt('clicked');
    await wake({ 'detail-type': 'wait.met', detail: { ...enrolled, step: 'clicked' } });
    await wake({
      'detail-type': 'enrolment.ended',
      detail: { leadId: 'lead_0', enrolmentId: 'enr_0', reason: 'goal' },
    });
    expect(wakes()).toEqual([]);
    expect(await enrolmentOf(enrolled)).toMatchObject({ step: 'clicked' });
  });
});

describe('the look at the deadline', () => {
  it('goes through otherwise when nothing happened, and takes the wait off the lead', async () => {
    const enrolled = await standingAt('clicked');
    await parkToken(enrolled, 'token');
    setNow(DEADLINE);
    expect(await look(enrolled)).toEqual({ outcome: 'otherwise', due: DEADLINE });
    expect(await enrolmentOf(enrolled)).toMatchObject({ step: 'three-leaks-short' });
    expect((await leadOf(enrolled.leadId)).waits).toEqual([]);
  });

  it('sees the click that commits while it looks', async () => {
    const enrolled = await standingAt('clicked');
    await parkToken(enrolled, 'token');
    setNow(DEADLINE);
    beforeCall('TransactWriteItems', async () => void (await clicks(enrolled.leadId)));
    expect(await look(enrolled)).toEqual({ outcome: 'then', due: DEADLINE });
    await deliver('wait.met', enrolled);
    expect(await enrolmentOf(enrolled)).toMatchObject({ step: 'webinar-invitation' });
  });

  it('ends where the enrolment has ended', async () => {
    const enrolled = await standingAt('clicked');
    await parkToken(enrolled, 'token');
    await unsubscribes(enrolled.leadId);
    expect(await thrown(look(enrolled))).toMatchObject({ name: 'Ended' });
  });
});

describe('a choice', () => {
  it.each([
    ['the first branch that holds', { problem: 'payroll' }, '0', 'payroll-story'],
    ['the next one', { jobTitle: 'Director' }, '1', 'customer-story'],
    ['nothing, and goes on, when none holds', {}, 'none', 'mql'],
  ])('takes %s, and the same again when it is asked again', async (_, fields, outcome, step) => {
    const enrolled = await enrolledLead({ fields: { companySize: '1-9', country: 'VN', ...fields } });
    await putItem(enrolmentItem({ ...(await enrolmentOf(enrolled)), step: 'choose-1' }));
    const ask = async () => decideStep({ ...(await taskOf(enrolled, 'choose-1')), kind: 'choose' });
    expect(await ask()).toMatchObject({ outcome });
    expect(await enrolmentOf(enrolled)).toMatchObject({ step });
    expect(await ask()).toMatchObject({ outcome });
  });
});

describe('an enrol step', () => {
  it('starts the other workflow once, finishes its own, and answers the same when it is asked again', async () => {
    const enrolled = await standingAt('digest');
    const ask = async () => decideStep({ ...(await taskOf(enrolled, 'digest')), kind: 'enrol' });
    const first = await ask();
    expect(await ask()).toEqual(first);
    const enrolments = await enrolmentsOf(enrolled.leadId);
    expect(enrolments.map(({ workflow, status }) => `${workflow} ${status}`).sort()).toEqual([
      'guide-to-demo ended',
      'quarterly-digest active',
    ]);
  });

  it('starts it once also when the process died in between', async () => {
    const enrolled = await standingAt('digest');
    const ask = async () => decideStep({ ...(await taskOf(enrolled, 'digest')), kind: 'enrol' });
    beforeCall(
      'TransactWriteItems',
      () => {
        throw Object.assign(new Error('killed'), { name: 'Killed' });
      },
      (body) => body.includes('finished'),
    );
    expect(await thrown(ask())).toMatchObject({ name: 'Retry' });
    await ask();
    expect(await enrolmentsOf(enrolled.leadId)).toHaveLength(2);
  });
});
