import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matches } from '../../../../infra/local/states/failure.ts';
import type { Retrier } from '../../../../infra/local/states/machine/machine.ts';
import { nextRetry } from '../../../../infra/local/states/run/recover.ts';

const retrier = (more: Partial<Retrier> = {}): Retrier => ({
  errorEquals: ['E'],
  intervalSeconds: 1,
  maxAttempts: 3,
  backoffRate: 2,
  maxDelaySeconds: undefined,
  jitter: 'NONE',
  ...more,
});

function delays(retry: Retrier, random = () => 0): number[] {
  const attempts: number[] = [];
  const found: number[] = [];
  for (;;) {
    const delay = nextRetry([retry], attempts, { error: 'E' }, random);
    if (delay === undefined) return found;
    found.push(delay);
  }
}

describe('the delays between retries', () => {
  it.each([
    ['defaults', {}, [1000, 2000, 4000]],
    ['three seconds, doubled', { intervalSeconds: 3 }, [3000, 6000, 12000]],
    ['no growth', { intervalSeconds: 3, backoffRate: 1, maxAttempts: 2 }, [3000, 3000]],
    ['a maximum', { intervalSeconds: 3, maxDelaySeconds: 5 }, [3000, 5000, 5000]],
    ['a part of a second is rounded up to milliseconds', { backoffRate: 1.0001, maxAttempts: 2 }, [1000, 1001]],
    ['none', { maxAttempts: 0 }, []],
  ])('%s', (_, more, expected) => {
    expect(delays(retrier(more))).toEqual(expected);
  });

  it('spread evenly below the delay with full jitter', () => {
    expect(delays(retrier({ jitter: 'FULL' }), () => 0.25)).toEqual([250, 500, 1000]);
    expect(delays(retrier({ jitter: 'FULL' }), () => 0)).toEqual([0, 0, 0]);
  });

  it('are never negative, never beyond the maximum, and as many as allowed', () => {
    const given = fc.record({
      intervalSeconds: fc.integer({ min: 1, max: 99_999_999 }),
      maxAttempts: fc.integer({ min: 0, max: 40 }),
      backoffRate: fc.double({ min: 1, max: 1e6, noNaN: true }),
      maxDelaySeconds: fc.integer({ min: 1, max: 31_622_400 }),
      jitter: fc.constantFrom('FULL' as const, 'NONE' as const),
    });
    fc.assert(
      fc.property(given, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (more, share) => {
        const found = delays(retrier(more), () => share);
        expect(found).toHaveLength(more.maxAttempts);
        for (const delay of found) {
          expect(delay).toBeGreaterThanOrEqual(0);
          expect(delay).toBeLessThanOrEqual(more.maxDelaySeconds * 1000);
        }
      }),
    );
  });
});

describe('the names of errors', () => {
  it.each([
    [['E'], 'E', true],
    [['F', 'E'], 'E', true],
    [['e'], 'E', false],
    [['States.ALL'], 'E', true],
    [['States.ALL'], 'States.Timeout', true],
    [['States.ALL'], 'States.DataLimitExceeded', false],
    [['States.ALL'], 'States.Runtime', false],
    [['States.Runtime'], 'States.Runtime', false],
    [['States.TaskFailed'], 'E', true],
    [['States.TaskFailed'], 'States.Timeout', false],
    [['States.TaskFailed'], 'States.DataLimitExceeded', false],
    [['States.DataLimitExceeded'], 'States.DataLimitExceeded', true],
    [['States.TaskFailed'], 'States.QueryEvaluationError', true],
  ])('%j and %s match: %s', (errorEquals, error, expected) => {
    expect(matches(errorEquals, { error })).toBe(expected);
  });

  it('of a missed heartbeat are two', () => {
    const failure = { error: 'States.Timeout', alias: 'States.HeartbeatTimeout' };
    expect(matches(['States.HeartbeatTimeout'], failure)).toBe(true);
    expect(matches(['States.Timeout'], failure)).toBe(true);
    expect(matches(['States.TaskFailed'], failure)).toBe(false);
  });
});
