import { describe, expect, it } from 'vitest';
import { answerPage } from '../../functions/http/answer-page.ts';
import type { Brief } from '../../functions/lead/handoff-brief.ts';
import type { Handoff } from '../../functions/lead/lead.ts';

const handoff: Handoff = {
  id: 'hnd_1',
  leadId: 'lead_1',
  status: 'pending',
  reason: 'asked for a demo',
  handRaise: true,
  definition: 'd',
  openedAt: '2027-03-01T02:00:00.000Z',
  version: 1,
};

const briefOf = (phone: string): Brief => ({
  ...{ subject: 's', opening: [], boxes: [], score: [], read: [], questions: [], answers: [], page: 'p' },
  contact: { name: 'Mai', email: 'mai@company.vn', phone },
});

describe('the page of an answer', () => {
  it.each([
    ['+84912345678', 'tel:+84912345678'],
    ['(024) 3821 2345', 'tel:02438212345'],
    ['๐๘๑-๒๓๔-๕๖๗๘', 'tel:0812345678'],
  ])('shows the phone number %s and dials %s', (phone, link) => {
    const { body } = answerPage({ brief: briefOf(phone), handoff, answers: [] });
    expect(body).toContain(`<a href="${link}">${phone}</a>`);
  });
});
