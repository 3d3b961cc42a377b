/** Pacing: nurture mail keeps to nine tenths of the rate, urgent mail is never crowded out, and a crowd is spread. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasSlot, slotsPerSecond, spread } from '../../functions/lead/slot.ts';

const NOW = '2027-03-01T02:00:00.000Z';

describe('a second', () => {
  it.each([
    [1, 1],
    [14, 12],
    [100, 90],
    [0, 1],
  ])('of an account with %i mails a second has %i slots for nurture', (rate, slots) => {
    expect(slotsPerSecond(rate)).toBe(slots);
  });

  it('gives nurture its slots and no more, counting urgent mail', () => {
    expect(hasSlot('nurture', { nurture: 12, urgent: 0 }, 14)).toBe(true);
    expect(hasSlot('nurture', { nurture: 13, urgent: 0 }, 14)).toBe(false);
    expect(hasSlot('nurture', { nurture: 10, urgent: 3 }, 14)).toBe(false);
  });

  it('has room for urgent mail however many nurture mails ask', () => {
    expect(hasSlot('urgent', { nurture: 5000, urgent: 1 }, 14)).toBe(true);
    expect(hasSlot('urgent', { nurture: 5000, urgent: 2 }, 14)).toBe(true);
    expect(hasSlot('urgent', { nurture: 5000, urgent: 3 }, 14)).toBe(false);
    expect(hasSlot('urgent', { nurture: 0, urgent: 14 }, 14)).toBe(true);
  });

  it('hands out no more than the account may send', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 200 }),
        fc.array(fc.constantFrom('nurture' as const, 'urgent' as const), { maxLength: 500 }),
        (rate, kinds) => {
          const asked = { nurture: 0, urgent: 0 };
          const given = kinds.filter((kind) => {
            asked[kind]++;
            return hasSlot(kind, asked, rate);
          });
          // With 2 to 9 a second, nine tenths leave less than one: urgent mail has one all the same.
          expect(given.length).toBeLessThanOrEqual(Math.max(rate, slotsPerSecond(rate) + 1));
        },
      ),
    );
  });
});

describe('who comes too late', () => {
  it('asks again after a second at the soonest, over as long as the crowd needs', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20_000 }),
        fc.integer({ min: 1, max: 100 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (asked, slots, random) => {
          const seconds = (Date.parse(spread(NOW, asked, slots, random)) - Date.parse(NOW)) / 1000;
          expect(seconds).toBeGreaterThanOrEqual(1);
          expect(seconds).toBeLessThanOrEqual(2.001 + (asked / slots) * 1.25);
        },
      ),
    );
  });
});
