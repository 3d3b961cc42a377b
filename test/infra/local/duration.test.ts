import fc from 'fast-check';
import { expect, test } from 'vitest';
import { durationFrom } from '../../../infra/local/duration.ts';

const DAY = 86_400_000;

test.each([
  ['PT0S', 0],
  ['P3D', 3 * DAY],
  ['P2W', 14 * DAY],
  ['PT1H30M', 5_400_000],
  ['P1DT12H', 1.5 * DAY],
  ['PT0.25S', 250],
  ['PT0,25S', 250],
  ['P1M', 28 * DAY],
  ['P1Y', 365 * DAY],
  ['P1Y1M1DT1H1M1S', (365 + 28 + 1) * DAY + 3_661_000],
])('%s from 31 January 2026 lasts %d ms', (text, expected) => {
  expect(durationFrom(text, Date.UTC(2026, 0, 31))).toBe(expected);
});

test.each([
  '',
  'P',
  'PT',
  'P1',
  '1D',
  '-P1D',
  'P-1D',
  'P1H',
  'PT1D',
  'P1DT',
  'P1W2D',
  'P1.5D',
  'p1d',
  ' P1D',
  'P1D\n',
  'P1S',
])('%j is no duration', (text) => {
  expect(durationFrom(text, 0)).toBeUndefined();
});

test('days, hours and minutes add up, whatever the start', () => {
  const upTo = (max: number) => fc.integer({ min: 0, max });
  fc.assert(
    fc.property(upTo(999), upTo(99), upTo(99), upTo(4e12), (d, h, m, start) => {
      expect(durationFrom(`P${d}DT${h}H${m}M`, start)).toBe(d * DAY + h * 3_600_000 + m * 60_000);
    }),
  );
});
