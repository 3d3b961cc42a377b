import { describe, expect, it } from 'vitest';
import { holds } from '../../functions/lead/condition.ts';
import { subjectOf } from '../../functions/lead/subject.ts';
import { exampleScoring } from './example-scoring.ts';
import { dayOf } from './histories.ts';
import { leadOf } from './subjects.ts';

const lead = leadOf({
  fields: { jobTitle: 'Director', companySize: '50-249', country: 'VN' },
  values: { webinar: { value: 40, at: dayOf(0) } },
});

describe('a lead as conditions see it', () => {
  it('has the fit, the grade and the engagement of the instant', () => {
    expect(subjectOf(lead, exampleScoring, dayOf(0))).toMatchObject({ fit: 100, grade: 'A', engagement: 40 });
    expect(subjectOf(lead, exampleScoring, dayOf(30))).toMatchObject({ engagement: 20 });
  });

  it('has its address in two parts and the lists of the definition', () => {
    const { email, lists } = subjectOf(lead, exampleScoring, dayOf(0));
    expect(email).toEqual({ local: 'An', domain: 'firm.vn' });
    expect(lists).toBe(exampleScoring.lists);
  });

  it('raises its hand and carries an answer only for the act that did so', () => {
    const sql = exampleScoring.stages.find((rule) => rule.stage === 'sql')?.when ?? { kind: 'any', of: [] };
    expect(holds(sql, subjectOf(lead, exampleScoring, dayOf(0)))).toBe(false);
    expect(holds(sql, subjectOf(lead, exampleScoring, dayOf(0), { handRaise: true }))).toBe(true);
    expect(holds(sql, subjectOf(lead, exampleScoring, dayOf(0), { handoff: 'accepted' }))).toBe(true);
    expect(holds(sql, subjectOf(lead, exampleScoring, dayOf(0), { handoff: 'not-ready' }))).toBe(false);
  });
});
