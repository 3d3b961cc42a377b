import { describe, expect, it } from 'vitest';
import { funnelOf } from '../../functions/lead/funnel.ts';
import type { Lead } from '../../functions/lead/lead.ts';
import { dayOf } from './histories.ts';
import { leadOf } from './subjects.ts';

const made = (reached: Lead['reached'] = {}, more: Partial<Lead> = {}): Lead =>
  leadOf({ createdAt: dayOf(0), reached, ...more });

describe('the funnel', () => {
  it('counts who has reached each stage, of those who reached the one before, and in how many days', () => {
    const leads = [
      made(),
      made({ iql: dayOf(0) }),
      made({ iql: dayOf(0), mql: dayOf(2) }),
      made({ iql: dayOf(1), mql: dayOf(4), sql: dayOf(6) }),
    ];
    expect(funnelOf(leads, 'stage')[0]?.reached).toEqual({
      iql: { leads: 3, conversion: 0.75, days: 0 },
      mql: { leads: 2, conversion: 0.667, days: 3 },
      sql: { leads: 1, conversion: 0.5, days: 6 },
      customer: { leads: 0, conversion: 0 },
    });
  });

  it('takes who skipped a stage for one who passed it, then', () => {
    const [row] = funnelOf([made({ sql: dayOf(3) })], 'stage');
    expect(row?.reached.iql).toEqual({ leads: 1, conversion: 1, days: 3 });
  });

  it('keeps who fell back among those who had reached it', () => {
    const [row] = funnelOf([made({ iql: dayOf(0), mql: dayOf(1) }, { stage: 'recycled' })], 'stage');
    expect([row?.key, row?.reached.mql.leads]).toEqual(['recycled', 1]);
  });

  it('reads the stage of a lead from before stages were noted', () => {
    const { reached: _, ...before } = made({}, { stage: 'mql', stageSince: dayOf(5) });
    expect(funnelOf([before], 'stage')[0]?.reached.mql).toEqual({ leads: 1, conversion: 1, days: 5 });
  });

  it.each([
    ['source', ['paid-search', 'unknown']],
    ['workflow', ['guide-to-demo', 'none']],
    ['version', ['d1', 'd2']],
  ] as const)('tells leads apart by %s', (by, keys) => {
    const mark = { id: 'e', definition: 'd', startedAt: dayOf(0) };
    const one = made({}, { source: { first: { channel: 'paid-search' } }, enrolments: { 'guide-to-demo': mark } });
    const other = made({}, { definition: 'd2' });
    expect(funnelOf([one, one, other], by).map(({ key, leads }) => [key, leads])).toEqual([
      [keys[0], 2],
      [keys[1], 1],
    ]);
  });

  it('is empty where nobody came', () => {
    expect(funnelOf([], 'source')).toEqual([]);
  });
});
