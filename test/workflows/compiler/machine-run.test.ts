import { describe, expect, it } from 'vitest';
import { MACHINE_FUNCTIONS } from '../../../functions/definition/definition.ts';
import { advance } from '../../../functions/lead/enrolment.ts';
import { compile } from '../../../workflows/compiler/compile.ts';
import { workflowCost } from '../../../workflows/compiler/cost.ts';
import { type Code, createWorld, type Fields, named, START } from '../../infra/local/states/world.ts';
import { filesOf } from './folder.ts';

const { definition } = await compile(filesOf('valid/example'));
const workflow = definition?.workflows['guide-to-demo'];
if (!definition || !workflow) throw new Error('The example does not compile.');
const guide = workflow;

const DAY = 86_400;
const day = (ms: number) => (ms - START) / 1000 / DAY;

/** Runs the compiled machine of the example with functions that follow its graph; `outcomes` are those of choices and looks. */
function journey({ outcomes, code = {} }: { outcomes: Record<string, string>; code?: Record<string, Code> }) {
  const trail: [number, string][] = [];
  const tokens: Fields[] = [];
  const stepDone = (step: unknown, outcome: string) => {
    const position = advance(guide, String(step), outcome, new Date(world.clock.now()).toISOString());
    return { outcome, due: position.due };
  };
  const world = createWorld({
    SendFunction: ({ step }) => {
      trail.push([day(world.clock.now()), String(step)]);
      return stepDone(step, 'next');
    },
    ParkFunction: (payload) => {
      tokens.push(payload);
      return {};
    },
    StepFunction: ({ step, kind }) => {
      trail.push([day(world.clock.now()), `${kind} ${step}`]);
      return stepDone(step, outcomes[String(step)] ?? 'otherwise');
    },
    ...code,
  });
  let text = JSON.stringify(definition?.machines['guide-to-demo']);
  for (const name of MACHINE_FUNCTIONS) text = text.replaceAll(`\${${name}}`, name);
  const machine = world.machine(JSON.parse(text));
  const begin = (at: string | null, due: number) =>
    world.start(machine, {
      leadId: 'lead_1',
      enrolmentId: 'enr_1',
      definition: 'abc',
      run: 1,
      at,
      due: new Date(due).toISOString(),
    });
  const wake = (payload: Fields | undefined, outcome: string) =>
    world.call('SendTaskSuccess', {
      taskToken: payload?.token,
      output: JSON.stringify(stepDone(payload?.step, outcome)),
    });
  return { world, trail, tokens, begin, wake };
}

describe('the compiled machine, run', () => {
  it('takes the long way when nothing is clicked, in as many transitions as its cost says', async () => {
    const { world, trail, begin } = journey({ outcomes: { 'choose-1': '1' } });
    const execution = begin(null, START + 2 * DAY * 1000);
    await world.advance(30 * DAY);
    expect(world.describe(execution)).toMatchObject({ status: 'SUCCEEDED' });
    expect(trail).toEqual([
      [2, 'three-leaks'],
      [5, 'look wait-for-1'],
      [5, 'three-leaks-short'],
      [9, 'choose choose-1'],
      [9, 'customer-story'],
      [23, 'look wait-for-2'],
      [23, 'enrol wait-for-2-otherwise-enrol-1'],
    ]);
    const entered = world.story(execution).filter((type) => type.endsWith('StateEntered')).length;
    expect(entered + 1).toBe(workflowCost(guide).longest.transitions);
  });

  it('begins a later run at its step, when that is due', async () => {
    const { world, trail, begin } = journey({ outcomes: { 'choose-1': '1' } });
    begin('choose-1', START + 4 * DAY * 1000);
    await world.advance(10 * DAY);
    expect(trail).toEqual([
      [4, 'choose choose-1'],
      [4, 'customer-story'],
    ]);
  });

  it('begins a later run at once that is overdue', async () => {
    const { world, trail, begin } = journey({ outcomes: {} });
    begin('three-leaks', START - DAY * 1000);
    await world.advance(DAY);
    expect(trail).toEqual([[0, 'three-leaks']]);
  });

  it('goes on at once when a wait is met', async () => {
    const { world, trail, tokens, begin, wake } = journey({ outcomes: { 'choose-1': '2' } });
    const execution = begin(null, START + 2 * DAY * 1000);
    await world.advance(3 * DAY);
    wake(tokens[0], 'then');
    await world.advance(5 * DAY);
    wake(tokens[1], 'then');
    await world.settle();
    expect(world.describe(execution)).toMatchObject({ status: 'SUCCEEDED' });
    expect(trail).toEqual([
      [2, 'three-leaks'],
      [3, 'webinar-invitation'],
      [7, 'choose choose-1'],
      [7, 'checklist'],
    ]);
  });

  it('gives each parked token a later attempt than the one before', async () => {
    const { world, tokens, begin } = journey({
      outcomes: {},
      code: {
        ParkFunction: (payload) => {
          tokens.push(payload);
          if (tokens.length === 1) throw named('Retry', 'once more');
          return {};
        },
      },
    });
    begin('wait-for-1', START);
    await world.advance(DAY);
    const [first, second] = tokens.map(({ attempt }) => Number(attempt));
    expect(tokens).toHaveLength(2);
    expect(second).toBeGreaterThan(first ?? Number.POSITIVE_INFINITY);
    expect(tokens[0]?.token).not.toBe(tokens[1]?.token);
  });

  it('holds a mail until the instant that the task names', async () => {
    let held = 0;
    const { world, begin } = journey({
      outcomes: {},
      code: {
        SendFunction: () => {
          held += 1;
          if (held === 1) throw named('Hold', new Date(START + 3 * DAY * 1000).toISOString());
          return { outcome: 'next', due: new Date(START).toISOString() };
        },
      },
    });
    begin('three-leaks', START);
    await world.advance(2.9 * DAY);
    expect(held).toBe(1);
    await world.advance(0.2 * DAY);
    expect(held).toBe(2);
  });

  it.each(['Ended', 'Paused'])('ends well when a task says %s', async (name) => {
    const code = {
      SendFunction: () => {
        throw named(name, 'goal');
      },
    };
    const { world, begin } = journey({ outcomes: {}, code });
    const execution = begin(null, START);
    await world.settle();
    expect(world.describe(execution)).toMatchObject({ status: 'SUCCEEDED' });
  });

  it('ends when a parked wait is told that the enrolment ended', async () => {
    const { world, trail, tokens, begin } = journey({ outcomes: {} });
    const execution = begin('wait-for-1', START);
    await world.settle();
    const output = JSON.stringify({ outcome: 'ended', due: new Date(START).toISOString() });
    world.call('SendTaskSuccess', { taskToken: tokens[0]?.token, output });
    await world.settle();
    expect(world.describe(execution)).toMatchObject({ status: 'SUCCEEDED' });
    expect(trail).toEqual([]);
  });

  it('begins at the step at which a restarted enrolment stands', async () => {
    const { world, trail, begin } = journey({ outcomes: { 'choose-1': '0' } });
    begin('wait-2', START + DAY * 1000);
    await world.advance(1.5 * DAY);
    expect(trail).toEqual([
      [1, 'choose choose-1'],
      [1, 'payroll-story'],
    ]);
  });

  it('fails, and is seen, at an outcome that it does not know', async () => {
    const { world, begin } = journey({ outcomes: { 'choose-1': '7' } });
    const execution = begin('choose-1', START);
    await world.settle();
    expect(world.describe(execution)).toMatchObject({ status: 'FAILED', error: 'States.NoChoiceMatched' });
  });
});
