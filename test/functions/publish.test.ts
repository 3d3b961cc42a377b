/** The publisher: order, repetition, pauses, and its life as a custom resource of the stack. */
import { CreateStateMachineCommand, PublishStateMachineVersionCommand } from '@aws-sdk/client-sfn';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { currentPointer, forgetDefinitions, manifest } from '../../functions/adapters/definitions.ts';
import { putItem } from '../../functions/adapters/dynamo.ts';
import { enrolmentItem, later } from '../../functions/adapters/table.ts';
import { handler } from '../../functions/publish.ts';
import { handler as send } from '../../functions/send.ts';
import { DAY } from '../lead/example-scoring.ts';
import type { LocalDynamo } from '../local-dynamo.ts';
import { ARN, keepMachines, machines, publisherEnv, stored } from './machines-world.ts';
import {
  beforeCall,
  calm,
  disarm,
  enrolledLead,
  enrolmentOf,
  MONDAY,
  mails,
  messages,
  setNow,
  sfn,
  startWorld,
  taskOf,
  thrown,
} from './nurture-world.ts';

// The release waits for the index to follow, which the local table does at once.
vi.mock('node:timers/promises', async (original) => {
  const real = await original<typeof import('node:timers/promises')>();
  return { ...real, setTimeout: (ms: number) => real.setTimeout(Math.min(ms, 20)) };
});

let local: LocalDynamo;
const fetched = vi.fn<typeof fetch>();
beforeAll(async () => {
  local = await startWorld();
  Object.assign(process.env, publisherEnv);
});
afterAll(() => local.stop());

beforeEach(() => {
  calm();
  keepMachines();
  fetched.mockReset().mockImplementation(async () => new Response(''));
  vi.stubGlobal('fetch', fetched);
  for (const level of ['error', 'info'] as const) vi.spyOn(console, level).mockImplementation(() => {});
});
afterEach(() => {
  disarm();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

const publish = (hash: string, more: object = {}) => handler({ kind: 'publish', hash, ...more });

describe('publishing', () => {
  it('makes a version of each machine with this stack’s functions in it, then puts the definition in force', async () => {
    const before = await currentPointer();
    const hash = await stored('${SendFunction} ${ParkFunction} ${StepFunction}');
    const published = await publish(hash);
    expect(published).toEqual({ hash, publication: (before?.publication ?? 0) + 1 });
    expect((await manifest(hash))?.machines).toEqual({ 'guide-to-demo': `${ARN}:1` });
    expect((await manifest(hash))?.parts).toContain('rules');
    expect(machines.get(ARN)?.[0]).toContain(
      'function:Ripen-send arn:aws:lambda:us-east-1:123456789012:function:Ripen-park',
    );
    expect(sfn.commandCalls(CreateStateMachineCommand)[0]?.args[0].input).toMatchObject({
      loggingConfiguration: { level: 'ERROR', includeExecutionData: false },
    });
  });

  it('what is in force changes nothing', async () => {
    const hash = await stored('again');
    const first = await publish(hash);
    expect(await publish(hash)).toEqual(first);
  });

  it('keeps a machine’s version where its content is the same, and makes a new one where it is not', async () => {
    const same = await stored('same');
    await publish(same);
    const versions = machines.get(ARN)?.length ?? 0;
    const other = await stored('same');
    await publish(other);
    expect(machines.get(ARN)).toHaveLength(versions);
    expect((await manifest(other))?.machines).toEqual((await manifest(same))?.machines);
    await publish(await stored('different'));
    expect(machines.get(ARN)).toHaveLength(versions + 1);
  });

  it('goes back to an older definition with the machines that it had', async () => {
    const old = await stored('old');
    await publish(old);
    const had = (await manifest(old))?.machines;
    await publish(await stored('new'));
    const { publication } = (await currentPointer()) ?? { publication: 0 };
    expect(await publish(old)).toEqual({ hash: old, publication: publication + 1 });
    expect((await manifest(old))?.machines).toEqual(had);
  });

  it('leaves the definition before in force when a machine cannot be made, and finishes when tried again', async () => {
    const hash = await stored('faulty');
    const before = await currentPointer();
    sfn
      .on(PublishStateMachineVersionCommand)
      .rejectsOnce(new Error('throttled'))
      .callsFake(() => ({
        stateMachineVersionArn: `${ARN}:99`,
      }));
    await expect(publish(hash)).rejects.toThrow('throttled');
    expect(await currentPointer()).toEqual(before);
    expect(await manifest(hash)).toBeUndefined();
    expect(await publish(hash)).toMatchObject({ hash });
  });

  it('is refused when another definition than the expected one is in force', async () => {
    await publish(await stored('theirs'));
    const mine = await stored('mine');
    await expect(publish(mine, { expected: 'f'.repeat(64) })).rejects.toThrow('somebody else has published');
  });

  it('is tried again when a pause changes the pointer meanwhile', async () => {
    const hash = await stored('contended');
    beforeCall(
      'TransactWriteItems',
      async () => void (await handler({ kind: 'pause', workflow: 'guide-to-demo' })),
      (body) => body.includes('publication'),
    );
    await publish(hash);
    expect(await currentPointer()).toMatchObject({ hash, paused: { workflows: ['guide-to-demo'] } });
    await handler({ kind: 'resume', all: true });
  });

  it('of what was never stored fails and says so', async () => {
    await expect(publish('0'.repeat(64))).rejects.toThrow('are not stored');
  });
});

describe('pausing', () => {
  const DUE = later(MONDAY, 2 * DAY);
  async function paused() {
    const enrolled = await enrolledLead();
    await putItem(enrolmentItem({ ...(await enrolmentOf(enrolled)), step: 'three-leaks', dueAt: DUE }));
    await handler({ kind: 'pause', workflow: 'guide-to-demo' });
    forgetDefinitions();
    setNow(DUE);
    return enrolled;
  }
  const sends = async (enrolled: { leadId: string; enrolmentId: string }) =>
    send(await taskOf(enrolled, 'three-leaks'));

  it('keeps mails in; resuming releases each enrolment as its next run at its step, once', async () => {
    const enrolled = await paused();
    expect(await thrown(sends(enrolled))).toMatchObject({ name: 'Paused' });
    expect(await enrolmentOf(enrolled)).toMatchObject({ status: 'paused', step: 'three-leaks' });
    const resumed = await handler({ kind: 'resume', workflow: 'guide-to-demo' });
    expect(resumed).toMatchObject({ resumed: 1, paused: { workflows: [] } });
    expect(messages('enrolment.started').at(-1)).toMatchObject({ enrolmentId: enrolled.enrolmentId, run: 2 });
    expect(await handler({ kind: 'resume', workflow: 'guide-to-demo' })).toMatchObject({ resumed: 0 });
    forgetDefinitions();
    expect(await sends(enrolled)).toMatchObject({ outcome: 'next' });
    expect(mails()).toHaveLength(1);
  });

  it('of everything holds every workflow, and a single one cannot be released from it', async () => {
    const enrolled = await paused();
    await handler({ kind: 'resume', workflow: 'guide-to-demo' });
    await handler({ kind: 'pause', all: true });
    forgetDefinitions();
    expect(await thrown(sends(enrolled))).toMatchObject({ name: 'Paused' });
    await expect(handler({ kind: 'resume', workflow: 'guide-to-demo' })).rejects.toThrow('resume all of them');
    expect(await handler({ kind: 'resume', all: true })).toMatchObject({ resumed: 1 });
  });

  it('that is resumed at the very moment leaves no enrolment behind', async () => {
    const enrolled = await paused();
    // The step knows the pause from a second ago; the release looks through the list before it is on it.
    const { published } = await import('../../functions/adapters/definitions.ts');
    await published(DUE);
    beforeCall('TransactWriteItems', async () => void (await handler({ kind: 'resume', all: true })));
    expect(await sends(enrolled)).toMatchObject({ outcome: 'next' });
    expect(await enrolmentOf(enrolled)).toMatchObject({ status: 'active', step: 'clicked' });
    expect(mails()).toHaveLength(1);
  });

  it('counts as a publication once, however often it is asked', async () => {
    await handler({ kind: 'pause', workflow: 'guide-to-demo' });
    const first = await currentPointer();
    await handler({ kind: 'pause', workflow: 'guide-to-demo' });
    expect(await currentPointer()).toEqual(first);
    await handler({ kind: 'resume', all: true });
  });

  it.each([
    ['a workflow that was never published', { workflow: 'guide-to-dmo' }, 'Published: guide-to-demo'],
    ['neither a workflow nor all', {}, 'Say which workflow'],
  ])('refuses %s', async (_, what, message) => {
    await expect(handler({ kind: 'pause', ...what })).rejects.toThrow(message);
  });
});

describe('as a custom resource', () => {
  const request = (RequestType: string, hash: string) => ({
    RequestType,
    ResponseURL: 'https://cloudformation.example.com/signed',
    StackId: 'stack',
    RequestId: 'request',
    LogicalResourceId: 'Definition',
    ResourceProperties: { ServiceToken: 'arn', hash },
  });
  const answer = () => JSON.parse(String(fetched.mock.calls[0]?.[1]?.body));

  it('publishes what is stored, and answers under an id that never changes', async () => {
    const hash = await stored('deployed');
    await publish(hash);
    await handler(request('Update', hash));
    expect(fetched.mock.calls[0]?.[0]).toBe('https://cloudformation.example.com/signed');
    expect(answer()).toMatchObject({
      Status: 'SUCCESS',
      PhysicalResourceId: 'ripen-definition',
      StackId: 'stack',
      RequestId: 'request',
      LogicalResourceId: 'Definition',
      Data: { hash },
    });
  });

  it('answers that it failed, and why, rather than let the deployment hang', async () => {
    await handler(request('Create', '9'.repeat(64)));
    expect(answer()).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('definition.json') });
  });

  it('keeps the machines and the leads inside them when it is deleted', async () => {
    const before = await currentPointer();
    await handler(request('Delete', '9'.repeat(64)));
    expect(answer()).toMatchObject({ Status: 'SUCCESS' });
    expect(await currentPointer()).toEqual(before);
  });
});
