import { describe, expect, it } from 'vitest';
import { daysBetween, engagementReport } from '../../functions/lead/engagement-report.ts';

describe('the report of engagement', () => {
  it('tells both rates of each email, of those that arrived', () => {
    const counts = new Map([
      ['story', { delivered: 0, opened: 0, openedByPeople: 0, clicked: 0, clickedByPeople: 0 }],
      ['guide', { delivered: 3, opened: 3, openedByPeople: 1, clicked: 2, clickedByPeople: 1 }],
    ]);
    expect(engagementReport(counts)).toEqual([
      {
        email: 'guide',
        delivered: 3,
        opened: { all: { mails: 3, rate: 1 }, human: { mails: 1, rate: 0.3333 } },
        clicked: { all: { mails: 2, rate: 0.6667 }, human: { mails: 1, rate: 0.3333 } },
      },
      {
        email: 'story',
        delivered: 0,
        opened: { all: { mails: 0, rate: null }, human: { mails: 0, rate: null } },
        clicked: { all: { mails: 0, rate: null }, human: { mails: 0, rate: null } },
      },
    ]);
  });

  it.each([
    ['2027-02-27', '2027-03-01', ['2027-02-27', '2027-02-28', '2027-03-01']],
    ['2027-03-01', '2027-03-01', ['2027-03-01']],
    ['2027-03-02', '2027-03-01', undefined],
    ['2027-01-01', '2027-06-01', undefined],
    ['2027-02-30', '2027-13-01', undefined],
  ])('from %s to %s is on the days %j', (from, to, days) => expect(daysBetween(from, to)).toEqual(days));
});
