import validate from 'asl-validator';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { compile } from '../../../workflows/compiler/compile.ts';
import { longestPath, reachable, successors } from '../../../workflows/compiler/step-graph.ts';
import { filesOf } from './folder.ts';

const base = filesOf('invalid/base').filter(({ path }) => path !== 'nurture/digest.yaml');

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
    kind: fc.constantFrom('wait', 'send', 'send', 'waitFor', 'waitForStage', 'choose', 'chooseElse', 'enrol'),
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
          if (step.kind !== 'wait') continue;
          expect(step.next).not.toBeNull();
          expect(workflow.steps[step.next ?? '']?.kind).not.toBe('wait');
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
