import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Mailed, sentBeside, withMail } from '../../functions/lead/mailed.ts';
import { afterSilence, mailsInSilence } from '../../functions/lead/sunset.ts';

const DAY = 86_400_000;
const day = (number: number): string => new Date(Date.UTC(2027, 2, 1) + number * DAY).toISOString();
const days = (...numbers: number[]): string[] => numbers.map(day);
const sunset = { slowAfter: 3, stopAfter: 5 };

describe('after mails without a sign of life', () => {
  it.each<[string, string[], string | undefined, object]>([
    ['few: the next goes', days(1, 2), undefined, { from: day(6) }],
    ['many: the next goes two weeks after the last', days(1, 2, 3), undefined, { from: day(17) }],
    ['many, the last long ago: the next goes', days(-30, -20, -9), undefined, { from: day(6) }],
    ['too many: none goes', days(1, 2, 3, 4, 5), undefined, { stop: 'no sign of life in 5 mails' }],
    ['and an act since: it counts anew', days(1, 2, 3, 4, 5), day(3.5), { from: day(6) }],
    ['and an act before them all: they count', days(1, 2, 3, 4, 5), day(0), { stop: 'no sign of life in 5 mails' }],
    ['and an act at the very moment of the last: it counts anew', days(1, 2, 3, 4, 5), day(5), { from: day(6) }],
  ])('%s', (_, sent, actedAt, expected) => {
    expect(afterSilence(day(6), sunset, sent, actedAt)).toEqual(expected);
  });
});

describe('the ledger of mails', () => {
  const mailed = (...numbers: number[]): Mailed => ({
    version: numbers.length,
    sent: Object.fromEntries(numbers.map((number) => [`snd_${number}`, day(number)])),
  });

  it('leaves out the mail itself', () => {
    expect(sentBeside(mailed(1, 2), 'snd_2')).toEqual([day(1)]);
    expect(sentBeside(undefined, 'snd_2')).toEqual([]);
  });

  it('notes a mail that is tried again at its new time', () => {
    const next = withMail(mailed(1, 2), { sendId: 'snd_2', at: day(3) }, undefined, undefined);
    expect(next).toEqual({ version: 3, sent: { snd_1: day(1), snd_2: day(3) } });
  });

  it('forgets after 15 days what only caps ask for', () => {
    const next = withMail(mailed(1, 4, 10), { sendId: 'snd_17', at: day(17) }, undefined, undefined);
    expect(Object.keys(next.sent).sort()).toEqual(['snd_10', 'snd_17', 'snd_4']);
  });

  it('keeps what sunset counts, however old, and no more of it than it counts', () => {
    const old = mailed(1, 20, 40, 60, 80, 100);
    const { sent } = withMail(old, { sendId: 'snd_120', at: day(120) }, sunset, undefined);
    expect(Object.values(sent).sort()).toEqual(days(40, 60, 80, 100, 120));
    expect(Object.values(withMail(old, { sendId: 'snd_120', at: day(120) }, sunset, day(70)).sent).sort()).toEqual(
      days(80, 100, 120),
    );
  });

  it('over random histories tells sunset as much as the whole history does', () => {
    const history = fc.array(fc.record({ gap: fc.integer({ min: 1, max: 40 }), acts: fc.boolean() }), {
      maxLength: 30,
    });
    const property = fc.property(history, (steps) => {
      let ledger: Mailed | undefined;
      const all: string[] = [];
      let actedAt: string | undefined;
      let now = 0;
      for (const { gap, acts } of steps) {
        now += gap;
        if (acts) actedAt = day(now);
        else {
          all.push(day(now));
          ledger = withMail(ledger, { sendId: `snd_${now}`, at: day(now) }, sunset, actedAt);
        }
        const known = sentBeside(ledger, '');
        const silent = Math.min(sunset.stopAfter, mailsInSilence(all, actedAt));
        expect(Math.min(sunset.stopAfter, mailsInSilence(known, actedAt))).toBe(silent);
        const [heard, told] = [known, all].map((sent) => afterSilence(day(now + 1), sunset, sent, actedAt));
        expect('stop' in (heard ?? {})).toBe('stop' in (told ?? {}));
        if (heard && 'from' in heard) expect(heard).toEqual(told);
        expect(known.length).toBeLessThanOrEqual(20);
      }
    });
    fc.assert(property, { numRuns: 200 });
  });
});
