import { describe, expect, it } from 'vitest';
import { nearest } from '../../functions/lead/nearest.ts';

describe('the nearest name', () => {
  it.each([
    ['payrol', 'payroll'],
    ['Payroll', 'payroll'],
    ['pyaroll', 'payroll'],
    ['tax', undefined],
    ['zebra', undefined],
    ['', undefined],
  ])('to %j is %j', (text, name) => {
    expect(nearest(text, ['cash-flow', 'tax-filing', 'payroll'])).toBe(name);
  });

  it('is the first of equals', () => {
    expect(nearest('ac', ['ab', 'ad'])).toBe('ab');
  });
});
