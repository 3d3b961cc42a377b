import { describe, expect, it } from 'vitest';
import type { Step } from '../../functions/definition/workflow.ts';
import { variantOf } from '../../functions/lead/split.ts';

const split = (id = 'length'): Extract<Step, { kind: 'split' }> => ({
  id,
  title: 'Split into short and long',
  kind: 'split',
  next: null,
  variants: [
    { name: 'short', share: 50, go: 'a' },
    { name: 'long', share: 40, go: 'b' },
    { name: 'hold-out', share: 10, holdOut: true, go: null },
  ],
});
const LEADS = Array.from({ length: 20_000 }, (_, i) => `lead_${i}`);

describe('a split', () => {
  it('gives a lead the same variant for ever', () => {
    for (const lead of LEADS.slice(0, 200)) {
      expect(variantOf(split(), lead, 'guide')).toEqual(variantOf(split(), lead, 'guide'));
    }
  });

  it('shares leads out as it is told, within what chance allows', () => {
    const counts = Map.groupBy(LEADS, (lead) => variantOf(split(), lead, 'guide').name);
    const share = (name: string) => (counts.get(name)?.length ?? 0) / LEADS.length;
    // Four standard errors of 20,000 leads: 1.4 percent.
    expect(share('short')).toBeCloseTo(0.5, 1);
    expect(Math.abs(share('short') - 0.5)).toBeLessThan(0.015);
    expect(Math.abs(share('long') - 0.4)).toBeLessThan(0.015);
    expect(Math.abs(share('hold-out') - 0.1)).toBeLessThan(0.01);
  });

  it('deals anew at another step and in another workflow', () => {
    const same = (id: string, workflow: string) =>
      LEADS.filter((lead) => variantOf(split(), lead, 'guide').name === variantOf(split(id), lead, workflow).name);
    // By chance alone they agree for 0.5² + 0.4² + 0.1² = 42 % of leads.
    for (const agreed of [same('other', 'guide'), same('length', 'other')]) {
      expect(Math.abs(agreed.length / LEADS.length - 0.42)).toBeLessThan(0.02);
    }
  });
});
