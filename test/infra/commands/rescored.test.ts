import { describe, expect, it } from 'vitest';
import type { Rescoring } from '../../../functions/adapters/rescoring.ts';
import { Rescored } from '../../../infra/commands/rescored.ts';

const points = (stage: Rescoring['before']['stage'], engagement = 20) => ({ stage, fit: 40, engagement });
const moved = (number: number, over: Partial<Rescoring> = {}): Rescoring => ({
  leadId: `lead_${number}`,
  name: `Person ${number}`,
  before: points('iql'),
  after: points('mql', 40),
  handsOver: true,
  ...over,
});
const of = (...rescorings: Rescoring[]): Rescored => {
  const all = new Rescored();
  for (const one of rescorings) all.add(one);
  return all;
};

describe('what a rescoring comes to', () => {
  it('names each lead that changes its stage or goes to sales, then how many', () => {
    const all = of(
      moved(1),
      moved(2, { after: points('iql', 39), handsOver: false }),
      moved(3, { before: points('mql'), after: points('iql'), handsOver: false }),
      moved(4, { before: points('mql'), after: points('mql') }),
    );
    expect(all.told(false).split('\n')).toEqual([
      'lead_1  iql → mql                 to sales  Person 1',
      'lead_3  mql → iql                           Person 3',
      'lead_4  stays mql                 to sales  Person 4',
      '4 leads would be folded anew: the points or the stage of 3 change.',
      '  iql → mql                 1',
      '  mql → iql                 1',
      '  handed to sales           2',
      'Nothing was changed. Do it with --yes.',
    ]);
  });

  it('gives programs all of them, by id and without names', () => {
    const { sum } = of(moved(1), moved(2, { after: points('sql'), handsOver: false }));
    expect(JSON.parse(JSON.stringify(sum))).toEqual({
      leads: 2,
      changed: 2,
      handsOver: 1,
      moves: { 'iql → mql': 1, 'iql → sql': 1 },
      failed: [],
      changes: [
        { id: 'lead_1', from: 'iql', to: 'mql', handsOver: true },
        { id: 'lead_2', from: 'iql', to: 'sql' },
      ],
    });
  });

  it('shows some tens at a terminal, and how many more there are', () => {
    const all = of(...Array.from({ length: 100 }, (_, number) => moved(number)));
    const lines = all.told(true).split('\n');
    expect(lines.filter((line) => line.startsWith('lead_'))).toHaveLength(30);
    expect(lines[30]).toBe('… and 70 more: --json lists them all.');
    expect(all.sum.changes).toHaveLength(100);
  });

  it('lets no name write more on the terminal than itself', () => {
    expect(
      of(moved(1, { name: 'An\u001b[2J\nlead_2' }))
        .told(true)
        .split('\n')[0],
    ).toBe('lead_1  iql → mql                 to sales  An [2J lead_2');
  });

  it('says who could not be folded, and why', () => {
    const all = of();
    all.fail('lead_9', new Error('too busy'));
    expect(all.told(true)).toContain('lead_9 failed: too busy');
  });
});
