import { describe, expect, it } from 'vitest';
import { instantOf } from '../../functions/lead/told-time.ts';

describe('a time that others tell', () => {
  it.each([
    ['2027-03-01T09:00:00+07:00', '2027-03-01T02:00:00.000Z'],
    ['2028-02-29T23:59:59.5Z', '2028-02-29T23:59:59.500Z'],
    ['2027-03-01T00:30+0700', '2027-02-28T17:30:00.000Z'],
  ])('%s is an instant', (text, instant) => {
    expect(instantOf(text)).toBe(instant);
  });

  it.each([
    '2026-11-31T00:00:00Z',
    '2026-02-30T12:00:00+07:00',
    '2027-02-29T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-12-00T00:00:00Z',
  ])('%s is none: there is no such day', (text) => {
    expect(instantOf(text)).toBeUndefined();
  });

  it.each(['2026-12-01T25:00:00Z', '2026-12-01T00:60:00Z', '2026-12-01', '2026-12-01T00:00:00', 'now'])(
    '%s is none',
    (text) => {
      expect(instantOf(text)).toBeUndefined();
    },
  );
});
