/** Many events at once on one lead: every point counts once, and each consequence comes once. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { System } from './system.ts';

let system: System;
beforeAll(async () => {
  system = await new System().start();
});
afterAll(() => system.remove());

it('folds 1,000 parallel events into the exact score, one stage change and one handoff', {
  timeout: 120_000,
}, async () => {
  const email = 'crowd@crowd.test';
  const values = { email, name: 'Crowd', agree: 'yes', jobTitle: 'CEO', companySize: '50-249', country: 'VN' };
  await system.postForm('cash-flow-guide', values);
  await system.confirm(email);
  const at = (await system.json<{ now: string }>('/_local/clock')).now;
  const events = Array.from({ length: 1000 }, (_, nth) => ({
    id: `crowd-${nth}`,
    type: nth % 2 ? 'page.viewed' : 'webinar.attended',
    email,
    at,
    data: nth % 2 ? { category: 'pricing' } : { minutes: 30 },
  }));
  const outcomes = await Promise.all(
    events.map((event) =>
      system.json<{ items: { outcome: string }[] }>('/api/events', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(event),
      }),
    ),
  );
  expect(outcomes.flatMap(({ items }) => items).every(({ outcome }) => outcome === 'applied')).toBe(true);
  await system.settle();

  const { id } = await system.lead(email);
  const score = await system.json<{
    stage: string;
    engagement: { value: number; contributions: { rule: string; points: number }[] };
  }>(`/api/leads/${id}/score`);
  // Group web: pricing-page gains once a day (8), page is capped (10); group deep: 20 + 25 × 500, held by the webinar's cap of 28.
  expect(score.engagement.value).toBe(66);
  const { items: timeline } = await system.json<{ items: { kind: string; text: string }[] }>(
    `/api/leads/${id}/timeline`,
  );
  const { items: handoffs } = await system.json<{ items: { leadId: string }[] }>('/api/handoffs');
  expect(handoffs.filter((handoff) => handoff.leadId === id)).toHaveLength(1);
  expect(timeline.filter(({ kind, text }) => kind === 'stage' && text.includes('mql'))).toHaveLength(1);
});
