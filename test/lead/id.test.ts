import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { derivedId, newId } from '../../functions/lead/id.ts';
import { idCausedBy } from '../../functions/lead/id-time.ts';

const bytes = fc.uint8Array({ minLength: 10, maxLength: 10 });
const time = fc.integer({ min: 0, max: 2 ** 48 - 1 });

describe('an id', () => {
  it.each([
    // The vectors' time is that of the ULID specification's example, 01ARYZ6S41.
    [1469918176385, new Uint8Array(10), 'lead_01aryz6s410000000000000000'],
    [0, new Uint8Array(10).fill(255), 'lead_0000000000zzzzzzzzzzzzzzzz'],
    [2 ** 48 - 1, new Uint8Array([0, 0, 0, 0, 0, 0, 0, 0, 0, 31]), 'lead_7zzzzzzzzz000000000000000z'],
  ])('of %i is %s', (ms, random, id) => {
    expect(newId('lead', ms, random)).toBe(id);
  });

  it('has a prefix and 26 characters', () => {
    fc.assert(
      fc.property(time, bytes, (ms, random) => {
        expect(newId('evt', ms, random)).toMatch(/^evt_[0-7][0-9a-hjkmnp-tv-z]{25}$/);
      }),
    );
  });

  it('sorts by its time, whatever the rest', () => {
    fc.assert(
      fc.property(time, time, bytes, bytes, (a, b, left, right) => {
        fc.pre(a !== b);
        expect(newId('evt', a, left) < newId('evt', b, right)).toBe(a < b);
      }),
    );
  });

  it('keeps all eighty bits', () => {
    fc.assert(
      fc.property(bytes, bytes, (a, b) => {
        expect(newId('evt', 0, a) === newId('evt', 0, b)).toBe(a.join() === b.join());
      }),
    );
  });

  it.each([
    ['a time before 1970', -1, 10],
    ['a time past the year 10889', 2 ** 48, 10],
    ['no time', Number.NaN, 10],
    ['too few bytes', 0, 9],
    ['too many bytes', 0, 16],
  ])('is refused for %s', (_, ms, length) => {
    expect(() => newId('evt', ms, new Uint8Array(length))).toThrow(RangeError);
  });
});

describe('a derived id', () => {
  const at = '2027-03-01T02:00:00.000Z';

  it('is the same for the same parts, and another for others, also where they join to the same text', () => {
    expect(derivedId('snd', at, 'a', 'bc')).toBe(derivedId('snd', at, 'a', 'bc'));
    const ids = [derivedId('snd', at, 'a', 'bc'), derivedId('snd', at, 'ab', 'c'), derivedId('snd', at, 'abc')];
    expect(new Set(ids).size).toBe(3);
  });

  it('carries its time', () => {
    expect(derivedId('evt', at, 'x').slice(0, 14)).toBe(newId('evt', Date.parse(at), new Uint8Array(10)).slice(0, 14));
  });
});

describe('an id that another one causes', () => {
  const at = '2027-03-01T02:00:00.000Z';
  const cause = derivedId('evt', at, 'x');

  it('is the same for the same cause, and carries its time', () => {
    expect(idCausedBy('snd', cause, 'deliver')).toBe(derivedId('snd', at, 'deliver', cause));
    const others = [idCausedBy('snd', cause, 'confirm'), idCausedBy('snd', derivedId('evt', at, 'y'), 'deliver')];
    expect(others).not.toContain(idCausedBy('snd', cause, 'deliver'));
  });

  it('is refused for a cause that is no id', () => {
    expect(() => idCausedBy('snd', 'evt_another', 'deliver')).toThrow(RangeError);
  });
});
