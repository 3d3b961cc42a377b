/** The main job, end to end: a form post becomes a scored, nurtured lead that reaches sales. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { linksIn, System } from './system.ts';

let system: System;
beforeAll(async () => {
  system = await new System().start();
});
afterAll(() => system.remove());

const guide = (email: string, more: Record<string, string> = {}) =>
  system.postForm('cash-flow-guide', { email, name: 'Nguyễn Thị Hương', agree: 'yes', language: 'vi', ...more });
/** A person's browser: what a script clicks would not count. */
const BROWSER = {
  'user-agent':
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36',
};
const director = { jobTitle: 'Giám đốc', companySize: '50-249', country: 'VN' };

describe('a visitor', () => {
  it('gets the guide in the language of the form, by name', async () => {
    const answer = await guide('huong@guide.test');
    expect(answer.status).toBe(202);
    expect(await answer.json()).toMatchObject({ submissionId: expect.stringMatching(/^sub_/) });
    await system.settle();
    const [mail] = await system.mails('huong@guide.test');
    expect(mail?.subject).toBe('Cẩm nang của bạn: nhìn trước dòng tiền mười hai tuần');
    expect(mail?.text).toContain('Hương');
    expect(mail?.headers['List-Unsubscribe']).toBeUndefined();
  });

  it('is one lead however the address is written', async () => {
    await system.postForm('cash-flow-guide', { email: 'An.Binh@gmail.com' });
    await system.postForm('cash-flow-guide', { email: 'anbinh+guide@googlemail.com', name: 'An' });
    await system.settle();
    const { items } = await system.json<{ items: { email: string }[] }>('/api/leads?limit=100');
    expect(items.filter((lead) => /an\.?binh/i.test(lead.email))).toHaveLength(1);
  });

  it('sends one submission however often the same post arrives', async () => {
    const ids = await Promise.all([1, 2, 3].map(async () => (await guide('twice@guide.test')).json()));
    expect(new Set(ids.map((body) => (body as { submissionId: string }).submissionId)).size).toBe(1);
    await system.settle();
    expect(await system.mails('twice@guide.test')).toHaveLength(1);
  });
});

describe('a lead', () => {
  it('gets the workflow’s mails at their times, by what it does', async () => {
    await system.advanceToMonday();
    await guide('reader@nurture.test', { name: 'Reader' });
    await system.confirm('reader@nurture.test');
    const start = Date.parse(await system.settle());
    await system.advance('P2D');
    const leaks = (await system.mails('reader@nurture.test')).at(-1);
    expect(leaks?.tags.email).toBe('three-leaks');
    expect((Date.parse(leaks?.at as string) - start) / 86_400_000).toBeCloseTo(2, 2);
    expect(leaks?.headers['List-Unsubscribe']).toMatch(/^<http.*\/unsubscribe\/.*>$/);
    expect(leaks?.headers['List-Unsubscribe-Post']).toBe('List-Unsubscribe=One-Click');

    await system.advance('P1D');
    const before = await system.lead('reader@nurture.test');
    const [link] = linksIn(leaks?.html ?? '', '/_local/ses/click/');
    const click = await fetch(link as string, { redirect: 'manual', headers: BROWSER });
    expect(click.status).toBe(302);
    // It is held for a while before it is judged.
    await system.advance('PT4M');
    const after = await system.lead('reader@nurture.test');
    expect(after.engagement).toBeGreaterThan(before.engagement);
    expect((await system.mails('reader@nurture.test')).at(-1)?.tags.email).toBe('webinar-invitation');

    // Due on Monday, and the week has room on Wednesday.
    await system.advance('P4D');
    expect((await system.mails('reader@nurture.test')).at(-1)?.tags.email).toBe('webinar-invitation');
    await system.advance('P2D');
    expect((await system.mails('reader@nurture.test')).at(-1)?.tags.email).toBe('checklist');
  });

  it('that clicks nothing gets the other branch, and at the end the digest', async () => {
    await guide('silent@nurture.test', director);
    await system.confirm('silent@nurture.test');
    await system.advance('P40D');
    const names = (await system.mails('silent@nurture.test')).map((mail) => mail.tags.email);
    expect(names).toEqual([
      'guide-delivery',
      'three-leaks',
      'three-leaks-short',
      'customer-story',
      'digest-cash-calendar',
    ]);
  });

  it('explains its score so that the points sum to it', async () => {
    await guide('explained@score.test', director);
    await system.settle();
    const { id } = await system.lead('explained@score.test');
    const score = await system.json<
      Record<'fit' | 'engagement', { value: number; contributions: { points: number }[] }>
    >(`/api/leads/${id}/score`);
    for (const part of [score.fit, score.engagement]) {
      expect(part.contributions.reduce((sum, { points }) => sum + points, 0)).toBeCloseTo(part.value, 9);
    }
    expect(score.fit.value).toBe(100);
    expect(score.engagement.value).toBe(20);
  });

  it('that unsubscribes with one click gets no further mail', async () => {
    await system.advanceToMonday();
    await guide('leaver@nurture.test');
    await system.confirm('leaver@nurture.test');
    await system.advance('P2D');
    const mails = await system.mails('leaver@nurture.test');
    const [link] = linksIn(mails.at(-1)?.headers['List-Unsubscribe'] ?? '', '/unsubscribe/');
    const page = await fetch(link as string);
    expect(page.status).toBe(200);
    const post = () =>
      fetch(link as string, {
        method: 'POST',
        body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }),
        redirect: 'manual',
      });
    expect((await post()).status).toBe(200);
    expect((await post()).status).toBe(200);
    await system.advance('P30D');
    expect(await system.mails('leaver@nurture.test')).toHaveLength(mails.length);
  });
});

describe('sales', () => {
  const engage = async (email: string) => {
    await guide(email, director);
    await system.confirm(email);
    // 20 for the guide, 25 for the webinar: over the 30 that grade A needs.
    await system.postEvents([{ id: `webinar-${email}`, type: 'webinar.attended', email, data: { minutes: 40 } }]);
    await system.settle();
  };
  const answerLink = async (email: string, answer: string) => {
    const items = (await system.sales()).filter((item) => item.channel === 'email' && item.text.includes(email));
    const [link] = linksIn(items.at(-1)?.text ?? '', '/handoffs/answer/').filter(
      (found) => !answer || found.length > 0,
    );
    return link as string;
  };
  const answer = (link: string, given: string) =>
    fetch(link, { method: 'POST', body: new URLSearchParams({ answer: given }) });

  it('gets a lead that crosses the threshold, with the reasons, and its acceptance makes it sql', async () => {
    await engage('ready@sales.test');
    expect((await system.lead('ready@sales.test')).stage).toBe('mql');
    const link = await answerLink('ready@sales.test', 'accepted');
    const page = await fetch(link);
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('ready@sales.test');
    expect((await system.lead('ready@sales.test')).stage).toBe('mql');
    expect((await answer(link, 'accepted')).status).toBe(200);
    await system.settle();
    expect((await system.lead('ready@sales.test')).stage).toBe('sql');
    const count = (await system.mails('ready@sales.test')).length;
    await system.advance('P40D');
    expect(await system.mails('ready@sales.test')).toHaveLength(count);
  });

  it('gives a lead back that is not ready, and it is recycled into the digest', async () => {
    await engage('early@sales.test');
    await answer(await answerLink('early@sales.test', 'not-ready'), 'not-ready');
    await system.settle();
    expect((await system.lead('early@sales.test')).stage).toBe('recycled');
    // A week, and a weekend at most.
    await system.advance('P10D');
    expect((await system.mails('early@sales.test')).at(-1)?.tags.email).toBe('digest-cash-calendar');
  });

  it('gets a demo request at once, whatever the points, and is reminded and then overruled when it stays silent', async () => {
    await system.postForm('demo-request', { email: 'demo@sales.test', name: 'Demo', ...director });
    await system.settle();
    expect((await system.lead('demo@sales.test')).stage).toBe('sql');
    const first = (await system.sales()).filter((item) => item.text.includes('demo@sales.test'));
    expect(first.filter((item) => item.channel === 'email')).toHaveLength(1);
    await system.advance('P4D');
    const mails = (await system.sales()).filter(
      (item) => item.channel === 'email' && item.text.includes('demo@sales.test'),
    );
    expect(mails).toHaveLength(3);
    expect(mails.at(-1)?.to).toContain('head-of-sales@example.com');
  });
});
