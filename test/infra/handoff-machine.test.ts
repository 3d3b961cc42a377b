/** The course of the handoff's machine, with functions that answer as told: what an outage delays, and what it does not. */
import validate from 'asl-validator';
import { describe, expect, it } from 'vitest';
import { HANDOFF_DEFINITION } from '../../infra/handoff-machine.ts';
import { type Code, createWorld, named } from './local/states/world.ts';

const MINUTE = 60;
const HOUR = 3600;

/** A handoff that is told on two channels, with a reminder after half an hour and the deadline after an hour. */
function handedOver(tasks: Record<string, Code>) {
  let token = '';
  let next = 'remind';
  const answers: Record<string, Code> = {
    assign: () => ({ channels: [0, 1], seconds: 30 * MINUTE }),
    notify: () => ({}),
    await: (payload) => {
      token = String(payload.token);
    },
    look: () => ({ outcome: next, seconds: 30 * MINUTE }),
    remind: () => {
      next = next === 'remind' ? 'await' : next;
      return {};
    },
    escalate: () => {
      next = 'await';
      return {};
    },
    untold: () => ({}),
    ...tasks,
  };
  const world = createWorld({ handoff: (payload) => answers[String(payload.task)]?.(payload) });
  const definition = JSON.parse(JSON.stringify(HANDOFF_DEFINITION).replaceAll('${HandoffFunction}', 'handoff'));
  const execution = world.start(world.machine(definition), { leadId: 'lead_1', handoffId: 'hnd_1' });
  return {
    world,
    advance: world.advance,
    look: (outcome: string) => {
      next = outcome;
    },
    answer: async () => {
      world.call('SendTaskSuccess', { taskToken: token, output: '{"outcome":"done"}' });
      await world.settle();
    },
    status: () => world.describe(execution).status,
    calls: (task: string) => world.calls.map(({ payload }) => payload).filter((payload) => payload.task === task),
  };
}

it('is a machine that Step Functions takes', () => {
  expect(validate(structuredClone(HANDOFF_DEFINITION), { checkPaths: true, checkArn: false }).errors).toEqual([]);
});

const down = () => {
  throw named('Retry', 'throttled');
};

describe('a handoff whose first alert is not taken', () => {
  it('is told once the outage of two hours is over', async () => {
    let up = false;
    const { world, advance, calls } = handedOver({ notify: ({ channel }) => (channel === 1 && !up ? down() : {}) });
    await advance(2 * HOUR);
    up = true;
    const before = calls('notify').length;
    await advance(5 * MINUTE);
    expect(calls('notify')).toHaveLength(before + 1);
    await advance(48 * HOUR);
    expect(calls('notify')).toHaveLength(before + 1);
    expect(world.calls.filter(({ payload }) => payload.task === 'untold')).toEqual([]);
  });

  it('is reminded of and escalated on time all the same', async () => {
    const { world, advance, look, calls } = handedOver({ notify: down });
    await world.settle();
    expect(calls('await')).toHaveLength(1);
    await advance(30 * MINUTE);
    expect(calls('remind')).toHaveLength(1);
    look('escalate');
    await advance(30 * MINUTE);
    expect(calls('escalate')).toHaveLength(1);
  });

  it('tells the function which try it is, of how many', async () => {
    const { advance, calls } = handedOver({ notify: ({ channel }) => (channel === 0 ? down() : {}) });
    await advance(HOUR);
    const tries = calls('notify').filter(({ channel }) => channel === 0);
    expect(tries.length).toBeGreaterThan(10);
    expect(tries.map(({ attempt }) => attempt)).toEqual(tries.map((_, index) => index));
    expect(new Set(tries.map((payload) => payload.tries))).toEqual(new Set([600]));
  });

  it('is over when it is answered, as soon as the next try sees that', async () => {
    let answered = false;
    const { advance, answer, status } = handedOver({ notify: () => (answered ? {} : down()) });
    await advance(10 * MINUTE);
    answered = true;
    await answer();
    await advance(5 * MINUTE);
    expect(status()).toBe('SUCCEEDED');
  });

  it.each([['Retry'], ['Sandbox.Timedout'], ['ZodError']])(
    'has it said when a channel is given up with %s, and goes on',
    async (error) => {
      const failing = () => {
        throw named(error);
      };
      const { advance, answer, calls, status } = handedOver({
        notify: ({ channel }) => (channel === 0 ? failing() : {}),
      });
      await advance(100 * HOUR);
      expect(calls('untold')).toEqual([{ task: 'untold', leadId: 'lead_1', handoffId: 'hnd_1', error }]);
      expect(status()).toBe('RUNNING');
      await answer();
      expect(status()).toBe('SUCCEEDED');
    },
  );
});

describe('a reminder that is not taken', () => {
  it('is tried until the deadline ends it, and then it escalates', async () => {
    let due = false;
    const { advance, look, calls, status } = handedOver({ remind: () => (due ? {} : down()) });
    await advance(HOUR);
    expect(calls('remind').length).toBeGreaterThan(8);
    due = true;
    look('escalate');
    await advance(5 * MINUTE);
    expect(calls('escalate')).toHaveLength(1);
    expect(status()).toBe('RUNNING');
  });
});

it('an escalation is told after an outage of two hours', async () => {
  let up = false;
  const { advance, look, calls, status } = handedOver({ escalate: () => (up ? {} : down()) });
  look('escalate');
  await advance(30 * MINUTE);
  await advance(2 * HOUR);
  up = true;
  look('await');
  const before = calls('escalate').length;
  await advance(5 * MINUTE);
  expect(calls('escalate')).toHaveLength(before + 1);
  expect(status()).toBe('RUNNING');
});
