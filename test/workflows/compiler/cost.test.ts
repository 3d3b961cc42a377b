import { describe, expect, it } from 'vitest';
import type { Step, Workflow } from '../../../functions/definition/workflow.ts';
import { workflowCost } from '../../../workflows/compiler/cost.ts';

/** A workflow of that many mails, each after a wait. */
function mailing(mails: number): Workflow {
  const steps: Record<string, Step> = {};
  for (let n = 1; n <= mails; n++) {
    const next = n < mails ? `wait-${n + 1}` : null;
    steps[`wait-${n}`] = { id: `wait-${n}`, title: `Wait ${n}`, kind: 'wait', for: 86_400_000, next: `mail-${n}` };
    steps[`mail-${n}`] = {
      id: `mail-${n}`,
      title: `Send ${n}`,
      kind: 'send',
      email: 'news',
      transactional: false,
      next,
    };
  }
  return { name: 'mailing', enrol: { on: 'call', again: 'never' }, keepAt: [], first: 'wait-1', steps };
}

describe('the cost of a workflow for 1,000 leads', () => {
  it('stays under 60 % of the SES bill for six mails', () => {
    const { longest } = workflowCost(mailing(6));
    expect(longest.mails).toBe(6);
    expect(longest.dollars.ses).toBeCloseTo(0.96);
    expect(longest.infrastructureShare).toBeLessThan(0.6);
  });

  it('counts two transitions a mail, one to start and one to end', () => {
    expect(workflowCost(mailing(6)).longest.transitions).toBe(14);
    const more = workflowCost(mailing(7)).longest.transitions - workflowCost(mailing(6)).longest.transitions;
    expect(more).toBe(2);
  });

  it('is the sum of its parts', () => {
    const { longest } = workflowCost(mailing(3));
    expect(Object.values(longest.dollars).reduce((a, b) => a + b)).toBeCloseTo(longest.total, 12);
  });

  it('takes the dearest way as the longest, and all ways alike as the average', () => {
    const workflow = mailing(2);
    workflow.steps['mail-1'] = {
      id: 'mail-1',
      title: 'Wait for mql',
      kind: 'waitFor',
      awaited: { stage: 'mql' },
      upTo: 86_400_000,
      next: null,
      // biome-ignore lint/suspicious/noThenProperty: the definition language's own word; never awaited
      then: null,
      otherwise: 'wait-2',
    };
    const { longest, average } = workflowCost(workflow);
    expect(longest.mails).toBe(1);
    expect(average.mails).toBe(0.5);
    // Start, wait, park, look, branch, wait, send, and the end.
    expect(longest.transitions).toBe(8);
    // One way ends after the branch with 5, the other goes on to 8.
    expect(average.transitions).toBe(6.5);
    expect(average.total).toBeLessThan(longest.total);
  });

  it('has no share of SES where nothing is mailed', () => {
    const workflow = mailing(1);
    delete workflow.steps['mail-1'];
    expect(workflowCost(workflow).longest.infrastructureShare).toBeUndefined();
  });
});
