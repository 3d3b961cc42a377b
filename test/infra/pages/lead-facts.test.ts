import { describe, expect, it } from 'vitest';
import { facts } from '../../../infra/pages/lead-facts.ts';

const LEAD = {
  id: 'lead_1',
  email: 'huong@greenbank.vn',
  stage: 'sql',
  grade: 'B',
  fit: 65,
  engagement: 24,
  createdAt: '2027-03-01T02:00:00.000Z',
  companySize: '50-249',
  emailStatus: 'unknown',
  emailLabels: ['free-mail'],
  stageSince: '2027-03-01T02:00:00.000Z',
  conversions: 1,
  consents: { marketing: { state: 'granted', at: '2027-03-01T02:00:00.000Z', frequency: { perWeek: 2 } } },
  handoff: { id: 'hnd_1', status: 'pending', handRaise: true },
  preferences: { topicsOff: ['payroll'], frequency: { perWeek: 1 } },
  source: { first: { channel: 'email', utm: { source: 'letter', campaign: 'spring' } }, last: { channel: 'direct' } },
  enrolments: [],
};

const rowsOf = (lead: object): Record<string, string> => {
  const rows = String(facts(lead as Record<string, unknown>, 'Asia/Ho_Chi_Minh')).matchAll(
    /<th scope="row">(.*?)<\/th><td>(.*?)<\/td>/gs,
  );
  return Object.fromEntries([...rows].map(([, key = '', value = '']) => [key, value.replaceAll(/<[^>]+>/g, '')]));
};

describe('what is known of a lead, on its page', () => {
  it('reads like words, by field and by what it did', () => {
    expect(rowsOf(LEAD)).toEqual({
      Email: 'huong@greenbank.vn',
      'Company size': '50-249',
      Address: 'not confirmed yet, free-mail',
      'Consent: marketing': 'granted 1 Mar 2027, 09:00 GMT+7, at most 2 a week',
      Chose: 'nothing on payroll; at most 1 a week',
      Sales: 'asked, no answer yet; the lead asked for it',
      Conversions: '1',
      'Came first by': 'email · letter · spring',
      'Came last by': 'direct',
      'At this stage since': '1 Mar 2027, 09:00 GMT+7',
    });
  });

  it('says why no mail goes to it', () => {
    const stopped = { reason: 'unsubscribed', at: '2027-03-02T02:00:00.000Z' };
    expect(rowsOf({ ...LEAD, stopped })['No marketing mail']).toBe('unsubscribed, 2 Mar 2027, 09:00 GMT+7');
  });

  it('escapes what a visitor typed', () => {
    expect(String(facts({ ...LEAD, companySize: '<b>' }, 'UTC'))).not.toContain('<b>');
  });
});
