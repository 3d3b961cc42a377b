import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { confirmHappening, confirmSubject, readConfirmSubject, wordingsOf } from '../../functions/lead/confirm-link.ts';
import type { ConsentAct } from '../../functions/lead/event.ts';
import { dayOf, eventOf } from './histories.ts';

const LEAD = `lead_${'0'.repeat(26)}`;
const asked = fc.record({
  purpose: fc.stringMatching(/^[a-z][a-z0-9-]{0,20}$/),
  at: fc.nat(400).map(dayOf),
});

describe('the subject of a link that confirms', () => {
  it('says again what it was made of, as far as a token has room', () => {
    fc.assert(
      fc.property(fc.array(asked, { maxLength: 4 }), (list) => {
        const subject = confirmSubject(LEAD, list);
        expect(subject).toMatch(/^[A-Za-z0-9_:.-]{1,200}$/);
        const read = readConfirmSubject(subject);
        expect(read.leadId).toBe(LEAD);
        expect(list).toEqual(expect.arrayContaining(read.asked));
        if (list.length <= 4) expect(read.asked).toEqual(list);
      }),
    );
  });

  it.each([
    '',
    ':',
    `${LEAD}:`,
    `${LEAD}:marketing`,
    `${LEAD}:marketing.`,
    `${LEAD}:marketing.!`,
    `${LEAD}:marketing.zzzzzzzzzzzz`,
  ])('reads no consent from %j', (subject) => {
    expect(readConfirmSubject(subject).asked).toEqual([]);
  });
});

describe('a confirmation', () => {
  const act = (over: Partial<ConsentAct>): ConsentAct => ({
    purpose: 'marketing',
    action: 'granted',
    method: 'box',
    ...over,
  });
  const log = [
    eventOf('a', dayOf(0), { consent: [act({ text: 'Old words', language: 'en' })] }),
    eventOf('b', dayOf(1), {
      consent: [act({ text: 'Lời mới', language: 'vi', form: 'guide', frequency: { perWeek: 2 } })],
    }),
    eventOf('c', dayOf(2), { consent: [act({ purpose: 'events', text: 'Events' })] }),
  ];

  it('repeats the words that were agreed to last', () => {
    const one = { purpose: 'marketing', at: dayOf(0) };
    expect(wordingsOf([one], log)).toEqual([{ text: 'Lời mới', language: 'vi' }]);
    expect(confirmHappening([one], log, dayOf(3))).toMatchObject({
      at: dayOf(3),
      consent: [
        {
          action: 'confirmed',
          method: 'confirm-link',
          text: 'Lời mới',
          form: 'guide',
          frequency: { perWeek: 2 },
          asked: dayOf(0),
        },
      ],
    });
  });

  it('stands after what it confirms, however the clock goes', () => {
    const { at } = confirmHappening([{ purpose: 'marketing', at: dayOf(3) }], log, dayOf(3));
    expect(at > dayOf(3)).toBe(true);
  });
});
