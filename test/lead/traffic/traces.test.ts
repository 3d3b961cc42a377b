import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Evidence, judgeActs } from '../../../functions/lead/traffic.ts';
import { evidenceOf, type Trace } from './trace.ts';
import { gateways } from './traces/gateways.ts';
import { people } from './traces/people.ts';
import { programs } from './traces/programs.ts';

const actorsOf = (evidence: Evidence): (string | undefined)[] => {
  const verdicts = judgeActs(evidence);
  return evidence.acts.map(({ id }) => verdicts.get(id)?.actor);
};

const tables: [string, Trace[]][] = [
  ['gateways and scanners', gateways],
  ['proxies, previews and programs', programs],
  ['people', people],
];

describe.each(tables)('the verdicts on %s', (_, traces) => {
  it.each(traces.map((trace) => [trace.name, trace] as const))('%s', (__, trace) => {
    expect(actorsOf(evidenceOf(trace))).toEqual(trace.lines.map(([, , actor]) => actor));
  });
});

describe('a verdict', () => {
  const all = tables.flatMap(([, traces]) => traces);

  it('that is not a person’s says why', () => {
    for (const trace of all) {
      for (const { actor, reasons } of judgeActs(evidenceOf(trace)).values()) {
        if (actor !== 'human') expect(reasons.join('; ')).toMatch(/\w{3}/);
        else expect(reasons).toEqual([]);
      }
    }
  });

  it('names no address and no agent', () => {
    for (const trace of all) {
      const said = JSON.stringify([...judgeActs(evidenceOf(trace)).values()]);
      expect(said).not.toMatch(/\d+\.\d+\.\d+\.\d+|Mozilla|KHTML/);
    }
  });

  it('follows from the set of evidence: its order does not matter', () => {
    const shuffled = fc
      .constantFrom(...all)
      .chain((trace) =>
        fc.tuple(
          fc.constant(trace),
          fc.shuffledSubarray([...evidenceOf(trace).acts], { minLength: trace.lines.length }),
        ),
      );
    fc.assert(
      fc.property(shuffled, ([trace, acts]) => {
        const evidence = evidenceOf(trace);
        const inOrder = judgeActs(evidence);
        for (const [id, verdict] of judgeActs({ ...evidence, acts })) expect(inOrder.get(id)).toEqual(verdict);
      }),
    );
  });
});
