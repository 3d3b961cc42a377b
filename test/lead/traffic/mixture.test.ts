import { describe, expect, it } from 'vitest';
import { confusionOf, tableOf } from './confusion.ts';
import { mixture, RATES } from './mixture.ts';

const SEEDS = [1, 2, 3, 4, 5];

describe('10,000 mails with people and machines mixed', () => {
  it.each(SEEDS)('score at most 1 of 200 acts of machines and lose at most 1 of 100 of people (seed %i)', (seed) => {
    const confusion = confusionOf(mixture(10_000, seed));
    if (seed === 1) console.info(tableOf(confusion));
    const { machines, people } = confusion;
    expect(machines.acts).toBeGreaterThan(1000);
    expect(people.acts).toBeGreaterThan(1000);
    expect(machines.scored / machines.acts).toBeLessThanOrEqual(0.005);
    expect(people.lost / people.acts).toBeLessThanOrEqual(0.01);
  });

  it('are told apart only as far as machines give themselves away: those that act like a person all pass', () => {
    const { early, 'like-a-person': alike } = RATES.machines;
    const more = { ...RATES, machines: { ...RATES.machines, early: early - 0.1, 'like-a-person': alike + 0.1 } };
    const { rows } = confusionOf(mixture(10_000, 1, more));
    const row = rows.get('machine: like-a-person');
    expect(row?.human).toBeGreaterThan(50);
    expect(row).toMatchObject({ suspect: 0, machine: 0 });
  });
});
