import { describe, expect, it } from 'vitest';
import { leadsPage } from '../../../infra/pages/leads.ts';

const shown = async (paused?: object): Promise<string> => {
  const answer = { items: [], ...(paused && { paused }) };
  return (await leadsPage(async () => answer, new URLSearchParams(), 'Asia/Ho_Chi_Minh')).text();
};

describe('the page of leads', () => {
  it('says that the brake was pulled, why, since when, and how it goes on', async () => {
    const reason = '10 bounces of 200 mails in 24 hours (5.0 %; SES reviews at 5 %)';
    const html = await shown({ all: true, reason, at: '2027-03-01T02:00:00.000Z', workflows: [] });
    expect(html).toContain('All marketing mail is paused.');
    expect(html).toContain(reason);
    expect(html).toContain('1 Mar 2027, 09:00 GMT+7');
    expect(html).toContain('npx ripen resume --all');
  });

  it('names the workflows that a person has paused, as text', async () => {
    const html = await shown({ workflows: ['guide-to-demo', '<b>'] });
    expect(html).toContain('Paused: guide-to-demo, &lt;b&gt;.');
    expect(html).toContain('npx ripen resume guide-to-demo');
    expect(html).not.toContain('brake');
  });

  it('names each figure of a lead, which on a phone stands under no heading', async () => {
    const lead = { id: 'lead_1', email: 'a@b.vn', stage: 'mql', grade: 'B', fit: 65, engagement: 24 };
    const answer = { items: [{ ...lead, createdAt: '2027-03-01T02:00:00.000Z' }] };
    const html = await (await leadsPage(async () => answer, new URLSearchParams(), 'UTC')).text();
    expect([...html.matchAll(/data-label="(\w+)"/g)].map(([, label]) => label)).toEqual([
      'Stage',
      'Grade',
      'Fit',
      'Engagement',
      'Since',
    ]);
  });

  it('says nothing of pauses where there are none', async () => {
    expect(await shown()).not.toMatch(/paused|Paused/);
  });
});
