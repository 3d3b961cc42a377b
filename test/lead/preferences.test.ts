import { describe, expect, it } from 'vitest';
import { isPausedAt, preferencesAfter } from '../../functions/lead/preferences.ts';

const PAUSE = '2027-04-01T00:00:00.000Z';

describe('preferences', () => {
  it.each([
    ['nothing chosen is nothing', undefined, undefined, undefined],
    ['a choice of nothing is nothing', undefined, {}, undefined],
    ['topics are kept once each', undefined, { topicsOff: ['b', 'a', 'b'] }, { topicsOff: ['a', 'b'] }],
    ['what is not named stays', { topicsOff: ['a'] }, { pausedUntil: PAUSE }, { topicsOff: ['a'], pausedUntil: PAUSE }],
    ['all topics wanted again', { topicsOff: ['a'], pausedUntil: PAUSE }, { topicsOff: [] }, { pausedUntil: PAUSE }],
    [
      'a frequency replaces the one before',
      { frequency: { perWeek: 2 } },
      { frequency: { perWeek: 1 } },
      { frequency: { perWeek: 1 } },
    ],
    ['null takes a frequency back', { frequency: { perWeek: 2 } }, { frequency: null }, undefined],
    ['null takes a pause back', { pausedUntil: PAUSE, topicsOff: ['a'] }, { pausedUntil: null }, { topicsOff: ['a'] }],
  ])('%s', (_, before, choice, after) => {
    expect(preferencesAfter(before, choice)).toEqual(after);
  });

  it.each([
    ['2027-03-31T23:59:59.999Z', true],
    [PAUSE, false],
  ])('a pause until 1 April holds at %s: %s', (now, paused) => {
    expect(isPausedAt({ pausedUntil: PAUSE }, now)).toBe(paused);
  });
});
