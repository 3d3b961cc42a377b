/** Leads that a new version moves: to their new step, once, whatever stands in the way. */
import { DescribeStateMachineCommand, SendTaskSuccessCommand } from '@aws-sdk/client-sfn';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { movingKey } from '../../functions/adapters/definition-items.ts';
import {
  currentPointer,
  forgetDefinitions,
  movePointer,
  storeDefinition,
  writeManifest,
} from '../../functions/adapters/definitions.ts';
import { getItem, putItem } from '../../functions/adapters/dynamo.ts';
import { loadLead } from '../../functions/adapters/leads.ts';
import { sweepDue } from '../../functions/adapters/sweep-due.ts';
import { enrolmentItem, later } from '../../functions/adapters/table.ts';
import type { Definition } from '../../functions/definition/definition.ts';
import type { Workflow } from '../../functions/definition/workflow.ts';
import { handler as park } from '../../functions/park.ts';
import { handler } from '../../functions/publish.ts';
import { handler as send } from '../../functions/send.ts';
import { DAY } from '../lead/example-scoring.ts';
import type { LocalDynamo } from '../local-dynamo.ts';
import {
  afterCall,
  beforeCall,
  calm,
  crash,
  disarm,
  enrolledLead,
  enrolmentOf,
  MACHINE,
  MONDAY,
  mails,
  messages,
  nurtureDefinition,
  onlySend,
  setNow,
  sfn,
  startWorld,
  taskOf,
  thrown,
  wakes,
} from './nurture-world.ts';

// The mover waits for the index to follow, which the local table does at once.
vi.mock('node:timers/promises', async (original) => {
  const real = await original<typeof import('node:timers/promises')>();
  return { ...real, setTimeout: (ms: number) => real.setTimeout(Math.min(ms, 5)) };
});

let local: LocalDynamo;
beforeAll(async () => {
  local = await startWorld();
});
afterAll(() => local.stop());
beforeEach(async () => {
  calm();
  sfn.on(DescribeStateMachineCommand).resolves({ definition: '{}' });
  for (const level of ['error', 'info', 'warn'] as const) vi.spyOn(console, level).mockImplementation(() => {});
  await inForce(nurtureDefinition.hash, MONDAY);
});
afterEach(() => {
  disarm();
  vi.restoreAllMocks();
});

const NAME = 'guide-to-demo';
const OLD = nurtureDefinition.workflows[NAME] as Workflow;
let nth = 0;

/** A later version of the workflow, stored whole: `moved` says where leads go. */
async function version(moved: NonNullable<Workflow['moved']>['steps'], from?: string): Promise<string> {
  const hash = `${nth++}`.padStart(64, 'f');
  const workflow: Workflow = { ...OLD, moved: { steps: moved, ...(from ? { from } : {}) } };
  const definition: Definition = {
    ...nurtureDefinition,
    hash,
    workflows: { ...nurtureDefinition.workflows, [NAME]: workflow },
  };
  const parts = await storeDefinition(definition);
  const machines = { [NAME]: MACHINE.replace(/1$/, '2'), 'quarterly-digest': MACHINE };
  await writeManifest({ hash, at: later(MONDAY, 1000 * nth), parts, machines });
  return hash;
}

async function inForce(hash: string, at: string): Promise<void> {
  await movePointer(await currentPointer(), { hash, at });
  forgetDefinitions();
}

const publish = async (hash: string) => {
  await handler({ kind: 'publish', hash });
  forgetDefinitions();
};
const move = () => handler({ kind: 'move' });
/** A lead that stands at a step of the version in force. */
async function standing(step: string, over: object = {}) {
  const enrolled = await enrolledLead();
  await putItem(enrolmentItem({ ...(await enrolmentOf(enrolled)), step, dueAt: MONDAY, ...over }));
  return enrolled;
}

describe('a lead that stands where the new version moves it from', () => {
  it('goes on at its new step as the next run, and its definition follows everywhere', async () => {
    const waiting = await standing('three-leaks', { dueAt: later(MONDAY, DAY) });
    const other = await standing('choose-1');
    const hash = await version({ 'three-leaks': 'webinar-invitation' });
    await publish(hash);
    expect(await move()).toEqual({ moved: 1, ended: 0, left: false });
    expect(await enrolmentOf(waiting)).toMatchObject({
      definition: hash,
      step: 'webinar-invitation',
      run: 2,
      status: 'active',
      dueAt: later(MONDAY, DAY),
    });
    expect((await loadLead(waiting.leadId))?.enrolments[NAME]?.definition).toBe(hash);
    expect(messages('enrolment.started').at(-1)).toMatchObject({ enrolmentId: waiting.enrolmentId, run: 2 });
    expect(await enrolmentOf(other)).toMatchObject({ definition: nurtureDefinition.hash, step: 'choose-1', run: 1 });
    expect(await move()).toEqual({ moved: 0, ended: 0, left: false });
  });

  it('ends where the new version has no place for it', async () => {
    const enrolled = await standing('three-leaks');
    const hash = await version({ 'three-leaks': null });
    await publish(hash);
    expect(await move()).toMatchObject({ ended: 1 });
    expect(await enrolmentOf(enrolled)).toMatchObject({
      status: 'ended',
      reason: expect.stringContaining(hash.slice(0, 12)),
    });
    expect((await loadLead(enrolled.leadId))?.enrolments[NAME]?.endedAt).toBeDefined();
  });

  it('begins a wait that it is moved to', async () => {
    const enrolled = await standing('choose-1');
    await publish(await version({ 'choose-1': OLD.first ?? '' }));
    await move();
    expect(await enrolmentOf(enrolled)).toMatchObject({ step: 'three-leaks', dueAt: later(MONDAY, 2 * DAY) });
  });

  it('is told by its parked token that its machine is over, and waits for nothing any more', async () => {
    const enrolled = await standing('clicked');
    await park({ ...(await taskOf(enrolled, 'clicked')), token: 'parked-here', attempt: 1 });
    await publish(await version({ clicked: 'webinar-invitation' }));
    await move();
    expect(wakes()).toContainEqual({ token: 'parked-here', output: { outcome: 'ended', due: MONDAY } });
    expect((await loadLead(enrolled.leadId))?.waits).toEqual([]);
    expect((await enrolmentOf(enrolled)).wait).toBeUndefined();
    expect(sfn.commandCalls(SendTaskSuccessCommand)).toHaveLength(1);
  });

  it.each(['held', 'paused'] as const)('and is %s stays so, on the new version', async (status) => {
    const enrolled = await standing('three-leaks', { status });
    const hash = await version({ 'three-leaks': 'webinar-invitation' });
    await publish(hash);
    await move();
    expect(await enrolmentOf(enrolled)).toMatchObject({ status, definition: hash, step: 'webinar-invitation', run: 1 });
    expect(
      messages('enrolment.started').filter(({ enrolmentId }) => enrolmentId === enrolled.enrolmentId),
    ).toHaveLength(1);
  });

  it('stays where the map is about another version', async () => {
    await standing('three-leaks');
    await publish(await version({ 'three-leaks': 'webinar-invitation' }, 'abcdef'));
    expect(await move()).toMatchObject({ moved: 0 });
  });

  it('stays where somebody goes back to a version from before its own', async () => {
    const older = await version({ 'three-leaks': 'webinar-invitation' });
    const newer = await version({ nothing: null });
    await inForce(newer, MONDAY);
    const enrolled = await standing('three-leaks');
    await publish(older);
    await move();
    expect(await enrolmentOf(enrolled)).toMatchObject({ definition: newer, step: 'three-leaks' });
  });
});

describe('no step is mailed twice', () => {
  it('by the run before, which ends at its next task', async () => {
    const enrolled = await standing('three-leaks');
    const old = await taskOf(enrolled, 'three-leaks');
    await publish(await version({ 'three-leaks': 'webinar-invitation' }));
    await move();
    expect(await thrown(send(old))).toMatchObject({ name: 'Ended' });
    expect(mails()).toEqual([]);
  });

  it('by a lead that is moved back to a step whose mail it has', async () => {
    const enrolled = await standing('three-leaks');
    expect(await send(await taskOf(enrolled, 'three-leaks'))).toMatchObject({ outcome: 'next' });
    await publish(await version({ clicked: 'three-leaks' }));
    await move();
    const moved = await taskOf(enrolled, 'three-leaks');
    expect(moved.run).toBe(2);
    expect(await send(moved)).toMatchObject({ outcome: 'next' });
    expect(mails()).toHaveLength(1);
    expect(await enrolmentOf(enrolled)).toMatchObject({ step: 'clicked', run: 2 });
  });

  it('where the mail is being handed over at this moment: the lead is not moved from under it', async () => {
    const enrolled = await standing('three-leaks');
    await publish(await version({ 'three-leaks': 'webinar-invitation' }));
    let meanwhile: unknown;
    afterCall(
      'TransactWriteItems',
      async () => {
        meanwhile = await move();
      },
      (body) => body.includes('SEND#'),
    );
    expect(await send(await taskOf(enrolled, 'three-leaks'))).toMatchObject({ outcome: 'next' });
    expect(meanwhile).toMatchObject({ moved: 0 });
    expect(await enrolmentOf(enrolled)).toMatchObject({ step: 'clicked', definition: nurtureDefinition.hash });
    expect((await onlySend(enrolled.leadId))?.status).toBe('sent');
  });
});

describe('a publisher that is killed', () => {
  it.each([
    [
      'before a lead is moved',
      (run: () => never) => beforeCall('TransactWriteItems', run, (body) => body.includes('ENR#')),
    ],
    [
      'after a lead was moved',
      (run: () => never) => afterCall('TransactWriteItems', run, (body) => body.includes('ENR#')),
    ],
  ])('%s leaves each lead on the one version or the other, and the next goes on', async (_, arm) => {
    const leads = await Promise.all(Array.from({ length: 5 }, () => standing('three-leaks')));
    const hash = await version({ 'three-leaks': 'webinar-invitation' });
    await publish(hash);
    arm(crash);
    await expect(move()).rejects.toThrow('killed');
    const now = await Promise.all(leads.map(enrolmentOf));
    for (const { definition, step, run } of now) {
      expect([`${nurtureDefinition.hash} three-leaks 1`, `${hash} webinar-invitation 2`]).toContain(
        `${definition} ${step} ${run}`,
      );
    }
    expect((await currentPointer())?.hash).toBe(hash);
    expect(await getItem(movingKey)).toBeDefined();

    // The sweeper finds what was left, and tells the publisher.
    await sweepDue({ ...movingKey, dueAt: MONDAY }, MONDAY);
    const told = messages('definition.moving').at(-1);
    expect(told).toMatchObject({ definition: hash });
    await handler({ 'detail-type': 'definition.moving', detail: told });
    for (const lead of leads)
      expect(await enrolmentOf(lead)).toMatchObject({ definition: hash, step: 'webinar-invitation', run: 2 });
    expect(await getItem(movingKey)).toBeUndefined();
  });

  it('between storing and the pointer leaves the version before in force and moves nobody', async () => {
    const enrolled = await standing('three-leaks');
    const hash = await version({ 'three-leaks': 'webinar-invitation' });
    beforeCall('TransactWriteItems', crash, (body) => body.includes('PUBLICATION#'));
    await expect(publish(hash)).rejects.toThrow('killed');
    expect((await currentPointer())?.hash).toBe(nurtureDefinition.hash);
    expect(await getItem(movingKey)).toBeUndefined();
    expect(await enrolmentOf(enrolled)).toMatchObject({ definition: nurtureDefinition.hash });
  });

  it('has its moving given up by whoever publishes another version', async () => {
    await standing('three-leaks');
    await publish(await version({ 'three-leaks': 'webinar-invitation' }));
    expect(await getItem(movingKey)).toBeDefined();
    await publish(nurtureDefinition.hash);
    expect(await getItem(movingKey)).toBeUndefined();
  });
});

describe('a mended mail', () => {
  const mended = { ...nurtureDefinition.emails['three-leaks']?.en, subject: 'Mended' };
  const mend = (more: object = {}) =>
    handler({
      kind: 'mend',
      name: 'three-leaks',
      mails: { en: mended },
      versions: [nurtureDefinition.hash],
      by: 'Lan',
      ...more,
    });

  it('goes to those in the middle within a second, as its own part, and is noted', async () => {
    const enrolled = await standing('three-leaks');
    await send(await taskOf(await standing('three-leaks'), 'three-leaks'));
    expect(mails().at(-1)?.Content?.Simple?.Subject?.Data).not.toBe('Mended');
    expect(await mend()).toMatchObject({ versions: [nurtureDefinition.hash] });
    setNow(later(MONDAY, 1001));
    await send(await taskOf(enrolled, 'three-leaks'));
    expect(mails().at(-1)?.Content?.Simple?.Subject?.Data).toBe('Mended');
    const { publications } = await import('../../functions/adapters/publications.ts');
    expect((await publications()).at(-1)).toMatchObject({
      what: 'mended',
      by: 'Lan',
      about: expect.stringContaining('emails/three-leaks'),
    });
  });

  it.each([
    ['of another class', { mails: { en: { ...mended, class: 'offer' } } }, 'publish it as a new version'],
    ['that no version has', { name: 'four-leaks' }, 'No version that is running has the mail four-leaks'],
  ])('%s is refused', async (_, more, message) => {
    await expect(mend(more)).rejects.toThrow(message);
  });
});
