import { describe, expect, it } from 'vitest';
import { ageText } from '../../../infra/pages/lead.ts';
import { changeOf } from '../../../infra/pages/lead-changes.ts';

describe('an age on a lead’s page', () => {
  it.each([
    ['PT0S', '0 minutes'],
    ['PT1M', '1 minute'],
    ['PT5H12M', '5 hours'],
    ['P1DT3H', '1 day'],
    ['P14D', '14 days'],
  ])('%s is told as %s', (age, text) => {
    expect(ageText(age)).toBe(text);
  });
});

describe('a form of a lead’s page', () => {
  const posted = (values: Record<string, string>) => new URLSearchParams(values);
  it.each([
    [
      'field',
      { field: 'jobTitle', value: ' Director ', why: 'phone' },
      { fields: { jobTitle: 'Director' }, why: 'phone' },
    ],
    ['field', { field: 'jobTitle', value: ' ' }, { fields: { jobTitle: null } }],
    ['stage', { stage: 'mql', why: '' }, { stage: 'mql' }],
    ['stop', { workflow: 'guide-to-demo' }, { workflow: 'guide-to-demo' }],
    ['merge', { into: 'lead_2' }, { into: 'lead_2' }],
  ])('asks the API for what it says: %s', (what, values, body) => {
    expect(changeOf('lead_1', what, posted(values as Record<string, string>))?.body).toEqual(body);
  });

  it('that is none of these is not known', () => {
    expect(changeOf('lead_1', 'delete', posted({}))).toBeUndefined();
  });

  it('cannot lead to another path than that of its lead', () => {
    expect(changeOf('../x', 'stage', posted({ stage: 'mql' }))?.path).toBe('/api/leads/..%2Fx');
  });
});
