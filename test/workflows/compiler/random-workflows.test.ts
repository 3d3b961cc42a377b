import validate from 'asl-validator';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { Step } from '../../../functions/definition/workflow.ts';
import { advance, begin } from '../../../functions/lead/enrolment.ts';
import { compile } from '../../../workflows/compiler/compile.ts';
import { longestPath, reachable, successors } from '../../../workflows/compiler/step-graph.ts';
import { filesOf } from './folder.ts';

const base = filesOf('invalid/base')
  .filter(({ path }) => path !== 'nurture/digest.yaml')
  .map(({ path, content }) => {
    if (path !== 'scoring.yaml') return { path, content };
    return { path, content: Buffer.from(content).toString().replace('fields:', 'fields:\n  renewal: { type: date }') };
  });

const Machine = z.object({
  StartAt: z.string(),
  States: z.record(
    z.string(),
    z.looseObject({
      Type: z.string(),
      Next: z.string().optional(),
      End: z.boolean().optional(),
      Default: z.string().optional(),
      Choices: z.array(z.object({ Next: z.string() })).optional(),
      Catch: z.array(z.object({ Next: z.string() })).optional(),
    }),
  ),
});

interface Plan {
  kind: string;
  days: number;
  one: Plan[];
  two: Plan[];
}

/** Steps of every kind, nested in each other, each mail under an id of its own. */
const plans = fc.letrec<{ steps: Plan[]; step: Plan }>((tie) => ({
  step: fc.record({
    kind: fc.constantFrom(
      ...['wait', 'waitUntilDay', 'waitUntilDate', 'send', 'send', 'waitFor', 'waitForStage', 'waitForAny'],
      ...['choose', 'chooseElse', 'enrol', 'split', 'set', 'tag', 'webhook'],
    ),
    days: fc.integer({ min: 1, max: 5 }),
    one: tie('steps'),
    two: tie('steps'),
  }),
  steps: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    fc.constant<Plan[]>([]),
    fc.array(tie('step'), { maxLength: 4 }),
  ),
})).steps;

/** The definition file of a plan: JSON is YAML. */
function fileOf(steps: Plan[]): string {
  let count = 0;
  const written = (plan: Plan[]): object[] =>
    plan.map(({ kind, days, one, two }) => {
      const id = `s${count++}`;
      switch (kind) {
        case 'wait':
          return { id, wait: `${days} days` };
        case 'send':
          return { id, send: 'news' };
        case 'enrol':
          return { id, enrol: 'welcome' };
        case 'waitFor': {
          const waitFor = { event: 'email.clicked', email: 'news' };
          // biome-ignore lint/suspicious/noThenProperty: the definition language's own word; never awaited
          return { id, waitFor, upTo: `${days} days`, then: written(one), otherwise: written(two) };
        }
        case 'waitUntilDay':
          return { id, wait: { until: { days: ['tue'], at: '09:00' } } };
        case 'waitUntilDate':
          return { id, wait: { until: { field: 'renewal', before: '2 days', upTo: `${days} days` } } };
        case 'waitForAny': {
          const any = [{ event: 'email.clicked', email: 'news' }, { stage: 'sql' }];
          // biome-ignore lint/suspicious/noThenProperty: the definition language's own word; never awaited
          return { id, waitFor: { any }, upTo: `${days} days`, then: written(one) };
        }
        case 'split': {
          // biome-ignore lint/suspicious/noThenProperty: the definition language's own word; never awaited
          const short = { variant: 'short', share: 50, then: written(one) };
          // biome-ignore lint/suspicious/noThenProperty: the definition language's own word; never awaited
          return { id, split: [short, { variant: 'long', share: 40, then: written(two) }, { holdOut: 10 }] };
        }
        case 'set':
          return { id, set: { problem: 'tax' } };
        case 'tag':
          return { id, tag: ['reader'] };
        case 'webhook':
          return { id, webhook: 'crm' };
        case 'waitForStage':
          return { id, waitFor: { stage: 'mql' }, upTo: `${days} days`, otherwise: written(two) };
        default: {
          // biome-ignore lint/suspicious/noThenProperty: the definition language's own word; never awaited
          const when = { when: { grade: 'A' }, then: written(one) };
          return { id, choose: kind === 'choose' ? [when] : [when, { otherwise: written(two) }] };
        }
      }
    });
  // A mail at the end, so that no plan is empty.
  return JSON.stringify({ workflow: 'digest', steps: [...written(steps), { send: 'news' }] }, null, 1);
}

const compiledPlan = async (plan: Plan[]) => {
  const file = { path: 'nurture/digest.yaml', content: fileOf(plan) };
  return compile([...base, file]);
};

/** What a task may answer at a step. */
function outcomesOf(step: Step | undefined): string[] {
  if (step?.kind === 'waitFor') return ['then', 'otherwise'];
  if (step?.kind === 'choose') return [...step.branches.map((_, index) => String(index)), 'none'];
  return step?.kind === 'split' ? step.variants.map(({ name }) => name) : ['next'];
}

describe('any workflow', () => {
  it('compiles to a graph and a machine without a dead end', async () => {
    await fc.assert(
      fc.asyncProperty(plans, async (plan) => {
        const { definition, problems } = await compiledPlan(plan);
        if (problems.some(({ message }) => /360 days are the most/.test(message))) return;
        expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
        const workflow = definition?.workflows.digest;
        if (!definition || !workflow) throw new Error('There is no workflow.');

        // Every step is reached, none follows itself, and no wait is last or before another one.
        expect([...reachable(workflow.first, workflow.steps)].sort()).toEqual(Object.keys(workflow.steps).sort());
        for (const step of Object.values(workflow.steps)) {
          for (const id of successors(step)) if (id !== null) expect(workflow.steps[id]).toBeDefined();
          if (step.kind !== 'wait' && step.kind !== 'waitUntil') continue;
          expect(step.next).not.toBeNull();
          if (step.kind === 'wait') expect(workflow.steps[step.next ?? '']?.kind).not.toBe('wait');
        }
        expect(Number.isFinite(longestPath(workflow.first, workflow.steps))).toBe(true);

        const json: unknown = JSON.parse(JSON.stringify(definition.machines.digest));
        const { StartAt, States } = Machine.parse(json);
        expect(validate(JSON.parse(JSON.stringify(json)), {}).errors).toEqual([]);
        const found = new Set<string>();
        const open = [StartAt];
        for (let name = open.pop(); name !== undefined; name = open.pop()) {
          const state = States[name];
          if (!state) throw new Error(`There is no state ${name}.`);
          if (found.has(name)) continue;
          found.add(name);
          expect(name).toMatch(/^[\p{L}\p{N} ().'_-]{1,80}$/u);
          const ways = [
            state.Next,
            state.Default,
            ...[...(state.Choices ?? []), ...(state.Catch ?? [])].map((way) => way.Next),
          ];
          const onward = ways.filter((way) => way !== undefined);
          expect(onward.length > 0 || state.End === true || state.Type === 'Succeed').toBe(true);
          open.push(...onward);
        }
        expect([...found].sort()).toEqual(Object.keys(States).sort());
      }),
      { numRuns: 35 },
    );
  });

  it('ends, whichever way a lead takes', async () => {
    await fc.assert(
      fc.asyncProperty(plans, fc.infiniteStream(fc.nat()), async (plan, chances) => {
        const { definition } = await compiledPlan(plan);
        const workflow = definition?.workflows.digest;
        if (!workflow) return;
        const calendar = { fields: { renewal: '2027-03-20', country: 'VN' }, zone: 'Asia/Bangkok' };
        let { step, due } = begin(workflow, '2027-03-01T02:00:00.000Z', calendar);
        const passed = new Set<string>();
        while (step !== null) {
          // No step twice: the graph has no circle, so that every way ends.
          expect(passed.has(step)).toBe(false);
          passed.add(step);
          const outcomes = outcomesOf(workflow.steps[step]);
          const outcome = outcomes[chances.next().value % outcomes.length] ?? 'next';
          const next = advance(workflow, step, outcome, due, calendar);
          expect(next.due >= due || next.step === null).toBe(true);
          [step, due] = [next.step, next.due];
        }
      }),
      { numRuns: 60 },
    );
  });

  it('has one hash however often it is compiled', async () => {
    await fc.assert(
      fc.asyncProperty(plans, async (plan) => {
        const [one, two] = [await compiledPlan(plan), await compiledPlan(plan)];
        expect(one.definition?.hash).toBe(two.definition?.hash);
      }),
      { numRuns: 5 },
    );
  });
});
