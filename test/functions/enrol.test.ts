/** Starting machines: one execution a run, in the version that the enrolment is pinned to. */
import { ExecutionAlreadyExists, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { putItem } from '../../functions/adapters/dynamo.ts';
import { enrolmentItem, later } from '../../functions/adapters/table.ts';
import { handler } from '../../functions/enrol.ts';
import { handler as openHandoff } from '../../functions/open-handoff.ts';
import { DAY } from '../lead/example-scoring.ts';
import type { LocalDynamo } from '../local-dynamo.ts';
import { calm, enrolledLead, enrolmentOf, MACHINE, MONDAY, sfn, startWorld, unsubscribes } from './nurture-world.ts';

let local: LocalDynamo;
beforeAll(async () => {
  local = await startWorld();
});
afterAll(() => local.stop());
beforeEach(() => {
  calm();
  vi.spyOn(console, 'info').mockImplementation(() => {});
});
afterEach(() => vi.restoreAllMocks());

const started = () => sfn.commandCalls(StartExecutionCommand).map(({ args }) => args[0].input);

describe('an enrolment', () => {
  it('starts its machine by version, with ids alone', async () => {
    const { leadId, enrolmentId } = await enrolledLead();
    await handler({ detail: { leadId, enrolmentId, run: 1 } });
    const [execution] = started();
    expect(execution).toMatchObject({ stateMachineArn: MACHINE, name: `${enrolmentId}-1` });
    expect(JSON.parse(execution?.input ?? '')).toEqual({
      leadId,
      enrolmentId,
      definition: 'd'.repeat(64),
      run: 1,
      at: null,
      due: later(MONDAY, 2 * DAY),
    });
  });

  it('goes on at its step in a later run', async () => {
    const enrolled = await enrolledLead();
    await putItem(enrolmentItem({ ...(await enrolmentOf(enrolled)), run: 2, step: 'clicked', dueAt: MONDAY }));
    await handler({ detail: { ...enrolled, run: 2 } });
    expect(JSON.parse(started()[0]?.input ?? '')).toMatchObject({ run: 2, at: 'clicked', due: MONDAY });
  });

  it('that runs already counts as started', async () => {
    sfn.on(StartExecutionCommand).rejects(new ExecutionAlreadyExists({ $metadata: {}, message: 'exists' }));
    const enrolled = await enrolledLead();
    await expect(handler({ detail: { ...enrolled, run: 1 } })).resolves.toBeUndefined();
  });

  it('that ended, that another run has taken over, or that never was, starts nothing', async () => {
    const enrolled = await enrolledLead();
    await handler({ detail: { ...enrolled, run: 7 } });
    await unsubscribes(enrolled.leadId);
    await handler({ detail: { ...enrolled, run: 1 } });
    await handler({ detail: { leadId: 'lead_0', enrolmentId: 'enr_0', run: 1 } });
    expect(started()).toEqual([]);
  });

  it('whose machine cannot be started fails, so that its message comes again', async () => {
    sfn.on(StartExecutionCommand).rejects(new Error('throttled'));
    const enrolled = await enrolledLead();
    await expect(handler({ detail: { ...enrolled, run: 1 } })).rejects.toThrow('throttled');
  });
});

describe('a handoff', () => {
  it('starts its machine once', async () => {
    const detail = { leadId: 'lead_1', handoffId: 'hnd_1' };
    await openHandoff({ 'detail-type': 'handoff.opened', detail });
    expect(started()).toEqual([
      {
        stateMachineArn: 'arn:aws:states:us-east-1:123456789012:stateMachine:Ripen-handoff',
        name: 'hnd_1',
        input: JSON.stringify(detail),
      },
    ]);
  });
});
