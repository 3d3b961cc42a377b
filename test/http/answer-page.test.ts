/** The page on which a salesperson answers: whom to call, what was answered and when, which button the link named. */
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

const zone = 'Asia/Ho_Chi_Minh';
const answers = ['accepted', 'not-ready', 'bad-fit'];

/** The values of the buttons in the paragraphs of that class. */
const buttonsIn = (page: string, paragraph: string): (string | undefined)[] =>
  [...page.matchAll(/<p class="([\w ]+)">(.*?)<\/p>/gs)]
    .filter(([, name]) => name === paragraph)
    .flatMap(([, , inside = '']) => [...inside.matchAll(/value="([\w-]+)"/g)].map(([, value]) => value));

describe('the page of an answer', () => {
  it.each([
    ['+84912345678', 'tel:+84912345678'],
    ['(024) 3821 2345', 'tel:02438212345'],
    ['๐๘๑-๒๓๔-๕๖๗๘', 'tel:0812345678'],
  ])('shows the phone number %s and dials %s', (phone, link) => {
    const { body } = answerPage({ brief: briefOf(phone), handoff, zone, answers: [] });
    expect(body).toContain(`<a href="${link}">${phone}</a>`);
  });

  it('tells when it was answered in the zone of sales, as it told until when', () => {
    const answer = { answer: 'accepted', at: '2027-03-30T01:58:00.000Z', by: 'binh@example.com', eventId: 'evt_1' };
    const { body } = answerPage({
      brief: briefOf('+84912345678'),
      handoff: { ...handoff, status: 'accepted', answer },
      zone,
      answers: [],
    });
    expect(body.replaceAll(/<[^>]+>/g, '')).toMatch(
      /Answered: Accepted, by binh@example\.com on Tuesday,? 30 March 2027 at 08:58 \(Asia\/Ho_Chi_Minh\)\./,
    );
  });

  it('has the answer that the link named stand out, and the others apart from it', () => {
    const { body } = answerPage({ brief: briefOf('+84912345678'), handoff, zone, answers, named: 'not-ready' });
    expect(buttonsIn(body, 'answers')).toEqual(['not-ready']);
    expect(buttonsIn(body, 'answers quiet')).toEqual(['accepted', 'bad-fit']);
    expect(body.indexOf('value="not-ready"')).toBeLessThan(body.indexOf('value="accepted"'));
  });

  it.each([undefined, 'won'])('has none stand out where the link names none that may be given: %s', (named) => {
    const { body } = answerPage({ brief: briefOf('+84912345678'), handoff, zone, answers, ...(named && { named }) });
    expect(buttonsIn(body, 'answers')).toEqual([]);
    expect(buttonsIn(body, 'answers quiet')).toEqual(answers);
  });
});
