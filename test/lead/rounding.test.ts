import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { roundToSum, shown } from '../../functions/lead/rounding.ts';

describe('rounding', () => {
  it.each([
    [32.999999999999, 33],
    [32.99, 32],
    [-0.5, -1],
    [0, 0],
  ])('shows %d as %i', (exact, value) => {
    expect(shown(exact)).toBe(value);
  });

  it.each([
    [
      [19.35, 4.53, 7.25],
      [19, 5, 7],
    ],
    [
      [0.5, 0.5],
      [1, 0],
    ],
    [
      [12.19, 3.13, 5.81, 3.31, 22.27, -20],
      [12, 3, 6, 3, 22, -20],
    ],
    [
      [10.4, -3.6],
      [10, -4],
    ],
    [[], []],
  ])('makes %j the integers %j', (values, integers) => {
    expect(roundToSum(values)).toEqual(integers);
  });

  it('moves no value by a whole point or more, and keeps the shown sum', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { maxLength: 30 }), (values) => {
        const integers = roundToSum(values);
        const total = (numbers: number[]): number => numbers.reduce((sum, number) => sum + number, 0);
        expect(total(integers)).toBe(shown(total(values)));
        expect(integers.every((integer, place) => Math.abs(integer - (values[place] ?? 0)) < 1.000001)).toBe(true);
      }),
    );
  });
});
