/** Lines that sum to the number that is shown. */

/**
 * Values are told to the thousandth: 19.9997, which 20 points are in the first minute of their decay, is 20.000 and shows
 * as 20.
 */
const NOISE = 0.0005;

/** The shown number of an exact one: rounded down. */
export const shown = (exact: number): number => Math.floor(exact + NOISE) + 0;

/**
 * Integers for exact values (any sign) that sum to the shown number of their sum: each is rounded down, and what is left
 * goes, one each, to those that lost most; among equals to the first.
 */
export const roundToSum = (values: readonly number[]): number[] => {
  const floors = values.map((value) => Math.floor(value + NOISE) + 0);
  const exact = values.reduce((sum, value) => sum + value, 0);
  let left = shown(exact) - floors.reduce((sum, floor) => sum + floor, 0);
  const byLoss = values.map((value, place) => ({ place, loss: value - (floors[place] ?? 0) }));
  byLoss.sort((a, b) => b.loss - a.loss || a.place - b.place);
  // One each: every loss is below one, so the sum of n losses leaves fewer than n to give. Noise may ask to take one back.
  for (let turn = 0; left > 0 && turn < byLoss.length; turn++, left--) {
    const place = byLoss[turn]?.place ?? 0;
    floors[place] = (floors[place] ?? 0) + 1;
  }
  for (let turn = byLoss.length - 1; left < 0 && turn >= 0; turn--, left++) {
    const place = byLoss[turn]?.place ?? 0;
    floors[place] = (floors[place] ?? 0) - 1;
  }
  return floors;
};
