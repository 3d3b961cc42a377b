import { describe, expect, it } from 'vitest';
import { compile } from '../../../workflows/compiler/compile.ts';
import { type CohortSpec, noCounts, simulateLeads } from '../../../workflows/simulator/cohort.ts';
import { simulateCohort } from '../../../workflows/simulator/cohort-threads.ts';
import { niceTop } from '../../../workflows/simulator/plot.ts';
import { createChance } from '../../../workflows/simulator/random.ts';
import { ratesWith, STATED } from '../../../workflows/simulator/rates.ts';
import { reportOf, reportText } from '../../../workflows/simulator/report.ts';
import { reportPage } from '../../../workflows/simulator/report-page.ts';
import { simulated } from '../../../workflows/simulator/simulated.ts';
import { filesOf } from '../compiler/folder.ts';

const { definition } = await compile(filesOf('valid/example'));
if (!definition) throw new Error('The example does not compile.');
const known = simulated(definition);
const spec = (over: Partial<CohortSpec> = {}): CohortSpec => ({
  leads: 60,
  arrivalDays: 14,
  days: 42,
  start: '2027-02-28T17:00:00.000Z',
  seed: 'a',
  rates: ratesWith(),
  ...over,
});
const run = async (over: Partial<CohortSpec> = {}) =>
  reportOf(known, spec(over), await simulateCohort(known, spec(over)));

describe('a cohort', () => {
  it('is the same for the same seed, and another for another', async () => {
    expect(await run()).toEqual(await run());
    expect(await run({ seed: 'b' })).not.toEqual(await run());
  });

  it('is the same however the leads are dealt out', async () => {
    const dealt = noCounts();
    for (const [from, to] of [
      [40, 60],
      [0, 13],
      [13, 40],
    ] as const)
      simulateLeads(known, spec(), from, to, dealt);
    expect(reportOf(known, spec(), dealt)).toEqual(await run());
  });

  it('is the same on several threads, which tell how far they are', async () => {
    const large = spec({ leads: 600, days: 20 });
    const alone = noCounts();
    simulateLeads(known, large, 0, large.leads, alone);
    const told: number[] = [];
    const dealt = await simulateCohort(known, large, { threads: 2, progress: (done) => told.push(done) });
    expect(reportOf(known, large, dealt)).toEqual(reportOf(known, large, alone));
    expect(told.at(-1)).toBe(600);
  });

  it('counts each lead in one stage at the end of each day', async () => {
    const { days } = await run();
    const arrived = days.map(({ stages }) => Object.values(stages).reduce((a, b) => a + b, 0));
    expect(arrived.at(-1)).toBe(60);
    expect(arrived).toEqual([...arrived].sort((a, b) => a - b));
  });

  it('mails nobody who agrees to nothing, but what was asked for', async () => {
    const { mails } = await run({ rates: ratesWith({ agrees: 0 }) });
    expect(Object.keys(mails)).toEqual(['guide-delivery']);
  });

  it('shows handoffs by week against the room that sales has', async () => {
    const { weeks } = await run({ rates: ratesWith({ asksForSalesPerWeek: 1 }) });
    expect(weeks[0]).toMatchObject({ from: '2027-03-01', capacity: 40 });
    expect(weeks.reduce((sum, { handoffs }) => sum + handoffs, 0)).toBeGreaterThan(20);
  });

  it('costs what its mails and steps cost', async () => {
    const { mails, cost } = await run();
    const sent = Object.values(mails).reduce((a, b) => a + b, 0);
    expect(cost.dollars.ses).toBeCloseTo((sent * 0.16) / 1000, 9);
    expect(cost.total).toBeGreaterThan(cost.dollars.ses);
  });
});

describe('the report', () => {
  it('is one page without scripts, with a title, plots that say what they show, and the numbers as tables', async () => {
    const page = reportPage(await run());
    expect(page).toMatch(/^<!doctype html>/);
    expect(page).not.toContain('<script');
    expect(page.match(/<svg [^>]*role="img" aria-label="[^"]+"/g)).toHaveLength(3);
    expect(page.match(/<figcaption>/g)).toHaveLength(3);
    expect(page.match(/<details>/g)).toHaveLength(3);
    expect(page).toContain('color-scheme: light dark');
  });

  it('states every rate with its source, and whose it is', async () => {
    const { rates } = await run({ rates: ratesWith({ clicks: 0.5 }) });
    expect(rates).toHaveLength(Object.keys(STATED).length);
    expect(rates.find(({ name }) => name === 'clicks')).toMatchObject({ value: 0.5, source: 'your rates file' });
    for (const { source } of rates) expect(source.length).toBeGreaterThan(10);
  });

  it('is readable in a terminal', async () => {
    expect(reportText(await run())).toMatch(/60 leads over 42 days \(seed a\)\nMails\n +\d+ {2}guide-delivery/);
  });

  it.each([
    [1, 1],
    [3, 5],
    [7, 10],
    [40, 50],
    [101, 200],
  ])('draws up to a round number: %d to %d', (value, top) => {
    expect(niceTop(value)).toBe(top);
  });
});

describe('chance', () => {
  it('gives the same numbers for the same seed and place, others elsewhere, evenly', () => {
    const draw = (seed: string, place: number) => Array.from({ length: 5 }, createChance(seed, place).next);
    expect(draw('a', 1)).toEqual(draw('a', 1));
    expect(draw('a', 1)).not.toEqual(draw('a', 2));
    const chance = createChance('even', 0);
    const mean = Array.from({ length: 10_000 }, chance.next).reduce((a, b) => a + b, 0) / 10_000;
    expect(mean).toBeCloseTo(0.5, 1);
    const picked = Array.from({ length: 4000 }, () => chance.pick({ a: 3, b: 1 }));
    expect(picked.filter((one) => one === 'a').length / 4000).toBeCloseTo(0.75, 1);
    const delays = Array.from({ length: 2001 }, () => chance.delay(1000)).sort((a, b) => a - b);
    expect(delays[1000]).toBeGreaterThan(850);
    expect(delays[1000]).toBeLessThan(1150);
  });
});
