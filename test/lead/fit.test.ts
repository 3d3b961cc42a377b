import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FieldValue } from '../../functions/definition/scoring.ts';
import { fitOf } from '../../functions/lead/fit.ts';
import { exampleScoring } from './example-scoring.ts';
import { scorings } from './histories.ts';

const scored = (fields: Record<string, FieldValue>) => fitOf(exampleScoring, fields);

describe('fit', () => {
  it('of the worked case is 100, grade A', () => {
    expect(scored({ jobTitle: 'Director', companySize: '50-249', country: 'VN' })).toEqual({
      value: 100,
      grade: 'A',
      contributions: [
        { rule: 'size', points: 40 },
        { rule: 'role', points: 35 },
        { rule: 'area', points: 25 },
      ],
    });
  });

  it('gives nothing for what is unanswered and says so', () => {
    expect(scored({ companySize: '50-249' }).contributions).toEqual([
      { rule: 'size', points: 40 },
      { rule: 'role', points: 0, unknown: true },
      { rule: 'area', points: 0, unknown: true },
    ]);
  });

  it.each<[string, Record<string, FieldValue>, number, string]>([
    ['A at 70', { jobTitle: 'CEO', companySize: '50-249' }, 75, 'A'],
    ['B at 50', { companySize: '10-49', jobTitle: 'CEO' }, 55, 'B'],
    ['C at 30, even with a field unanswered', { companySize: '250+' }, 30, 'C'],
    ['D below C when all is answered', { companySize: '1-9', jobTitle: 'clerk', country: 'DE' }, 5, 'D'],
    ['unknown below C with a field unanswered', { companySize: '1-9', country: 'VN' }, 30, 'C'],
    ['unknown when hardly anything is known', { companySize: '1-9' }, 5, 'unknown'],
    ['unknown when nothing is known', {}, 0, 'unknown'],
  ])('has the grade %s', (_, fields, value, grade) => {
    expect(scored(fields)).toMatchObject({ value, grade });
  });

  it('takes an answer that is no entry as any other, however it is called', () => {
    expect(scored({ companySize: 'constructor', country: '__proto__', jobTitle: 'toString' })).toMatchObject({
      value: 0,
      grade: 'D',
    });
  });

  it('is never below zero, and a line of its own says what lifted it', () => {
    expect(scored({ jobTitle: 'Student', companySize: '1-9', country: 'DE' })).toEqual({
      value: 0,
      grade: 'D',
      contributions: [
        { rule: 'size', points: 5 },
        { rule: 'role', points: -20 },
        { rule: 'area', points: 0 },
        { rule: 'limit:0', points: 15 },
      ],
    });
  });

  it.each([
    ['Giám đốc điều hành', 35],
    ['GIAM DOC', 35],
    ['Phó giám đốc'.normalize('NFD'), 35],
    ['ผู้อำนวยการฝ่ายการเงิน', 35],
    ['Sales Director, APAC', 35],
    ['Trưởng phòng kế toán', 25],
    ['truong phong', 25],
    ['Head  of Finance', 25],
    ['Product-Manager', 25],
    ['รองผู้จัดการ', 25],
    ['Intern', -20],
    ['nhân viên', 0],
    ['International sales', 0],
    ['Managerial accountant', 0],
    ['Head office', 0],
    // The first entry wins, not the best or the longest.
    ['Manager and director', 35],
    ['Student intern', -20],
  ])('of the job title %j is %i', (jobTitle, points) => {
    expect(scored({ jobTitle }).contributions[1]).toEqual({ rule: 'role', points });
  });

  it('shows contributions that sum to it, within 0 to 100, for any rules and answers', () => {
    const answers = fc.record(
      { companySize: fc.constantFrom('1-9', '10-49', '250+'), country: fc.constantFrom('VN', 'US') },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(scorings(exampleScoring), answers, (scoring, fields) => {
        const { value, contributions } = fitOf(scoring, fields);
        expect(contributions.reduce((sum, line) => sum + line.points, 0)).toBe(value);
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(100);
      }),
    );
  });
});
