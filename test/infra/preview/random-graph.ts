/** Random workflows without circles, of every kind of step, for pictures. */
import fc from 'fast-check';
import type { Step, Workflow } from '../../../functions/definition/workflow.ts';

const title = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }),
  fc.constantFrom('Wait 2 days', 'Send <three> & "leaks"', 'รอจนถึงวันจันทร์ที่จะถึงนี้ แล้วจึงส่งต่อให้ฝ่ายขาย'),
);

/** Steps lead to later ones or to the end alone. */
export const randomWorkflow: fc.Arbitrary<Workflow> = fc
  .array(fc.record({ kind: fc.nat(8), title, jumps: fc.array(fc.nat(6), { minLength: 3, maxLength: 3 }) }), {
    minLength: 1,
    maxLength: 18,
  })
  .map((plans) => {
    const to = (index: number, jump: number): string | null =>
      index + jump < plans.length ? `s${index + jump}` : null;
    const steps = plans.map((plan, index) => {
      const [one = 0, two = 0, three = 0] = plan.jumps.map((jump) => jump + 1);
      return stepOf(plan.kind, { id: `s${index}`, title: plan.title, next: to(index, one) }, [
        to(index, two),
        to(index, three),
      ]);
    });
    return {
      name: 'random',
      enrol: { on: 'call', again: 'never' },
      keepAt: [],
      first: 's0',
      steps: Object.fromEntries(steps.map((step) => [step.id, step])),
    };
  });

function stepOf(
  kind: number,
  base: { id: string; title: string; next: string | null },
  [a = null, b = null]: (string | null)[],
): Step {
  switch (kind) {
    case 0:
      return { ...base, kind: 'wait', for: 1000 };
    case 1:
      return { ...base, kind: 'waitUntil', until: { days: ['mon'], at: '09:00', zone: 'lead' } };
    case 2:
      // biome-ignore lint/suspicious/noThenProperty: the definition language's own word; never awaited
      return { ...base, kind: 'waitFor', awaited: { stage: 'mql' }, upTo: 1000, then: a, otherwise: b };
    case 3:
      return {
        ...base,
        kind: 'choose',
        branches: [{ when: { kind: 'consent', purpose: 'marketing' }, go: a }, { go: b }],
      };
    case 4:
      return {
        ...base,
        kind: 'split',
        variants: [
          { name: 'one', share: 50, go: a },
          { name: 'two', share: 40, go: b },
          { name: 'none', share: 10, holdOut: true, go: null },
        ],
      };
    case 5:
      return { ...base, kind: 'set', fields: { problem: 'payroll' }, tags: { add: ['warm'], remove: [] } };
    case 6:
      return { ...base, kind: 'webhook', webhook: 'crm' };
    case 7:
      return { ...base, kind: 'enrol', workflow: 'digest' };
    default:
      return { ...base, kind: 'send', email: 'leaks', transactional: false };
  }
}
